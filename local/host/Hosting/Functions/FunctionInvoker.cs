using System.Reflection;

namespace FinVault.Local.Hosting;

/// <summary>Calls one function's method: instance by constructor injection in the invocation's scope, arguments bound.</summary>
internal sealed class FunctionInvoker
{
    private readonly FunctionModel _function;
    private readonly MethodInvoker _method;
    private readonly ObjectFactory? _create;
    private readonly Func<object?, ValueTask<object?>> _await;

    public FunctionInvoker(FunctionModel function)
    {
        _function = function;
        _method = MethodInvoker.Create(function.Method);
        _create = function.Method.IsStatic
            ? null
            : ActivatorUtilities.CreateFactory(function.Method.DeclaringType!, Type.EmptyTypes);
        _await = Awaiter(function.Method.ReturnType);
    }

    public async ValueTask<object?> InvokeAsync(LocalFunctionContext context)
    {
        object? instance = _create?.Invoke(context.InstanceServices, []);
        try
        {
            var arguments = new object?[_function.Binders.Count];
            for (int i = 0; i < arguments.Length; i++)
            {
                arguments[i] = await _function.Binders[i](context);
            }

            // MethodInvoker lets the function's own exception through, unwrapped.
            return await _await(_method.Invoke(instance, arguments.AsSpan()));
        }
        finally
        {
            await DisposeAsync(instance);
        }
    }

    private static async ValueTask DisposeAsync(object? instance)
    {
        switch (instance)
        {
            case IAsyncDisposable asynchronous:
                await asynchronous.DisposeAsync();
                break;
            case IDisposable disposable:
                disposable.Dispose();
                break;
        }
    }

    private static Func<object?, ValueTask<object?>> Awaiter(Type type)
    {
        if (type == typeof(void))
        {
            return static _ => new ValueTask<object?>((object?)null);
        }

        if (type == typeof(Task))
        {
            return static async task => { await (Task)task!; return null; };
        }

        if (type == typeof(ValueTask))
        {
            return static async task => { await (ValueTask)task!; return null; };
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() is { } open
            && (open == typeof(Task<>) || open == typeof(ValueTask<>)))
        {
            string name = open == typeof(Task<>) ? nameof(AwaitTask) : nameof(AwaitValueTask);
            return typeof(FunctionInvoker).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!
                .MakeGenericMethod(type.GetGenericArguments()[0])
                .CreateDelegate<Func<object?, ValueTask<object?>>>();
        }

        return static value => new ValueTask<object?>(value);
    }

    private static async ValueTask<object?> AwaitTask<T>(object? task) => await (Task<T>)task!;

    private static async ValueTask<object?> AwaitValueTask<T>(object? task) => await (ValueTask<T>)task!;
}
