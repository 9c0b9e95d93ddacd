using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace FinVault.Local.Hosting;

/// <summary>Finds the functions of an app and checks their declarations.</summary>
public sealed class FunctionCatalog
{
    private const BindingFlags Methods =
        BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    // Of thousands of types few declare any; a process that starts many hosts, as tests do, looks once.
    private static readonly ConcurrentDictionary<Type, (string Name, MethodInfo Method)[]> Declared = new();

    private readonly IReadOnlyList<ITriggerKind> _triggers;
    private readonly IReadOnlyList<IInputKind> _inputs;
    private readonly IReadOnlyList<IOutputKind> _outputs;
    private readonly List<string> _problems = [];
    private readonly List<FunctionModel> _functions = [];

    private FunctionCatalog(BindingKinds kinds) => (_triggers, _inputs, _outputs) = (kinds.Triggers, kinds.Inputs, kinds.Outputs);

    /// <summary>Every function of these classes, or of the assembly when none are named.</summary>
    /// <exception cref="StartupException">All that is wrong, each problem naming its function.</exception>
    public static IReadOnlyList<FunctionModel> Find(LocalHostOptions options, BindingKinds kinds)
    {
        var catalog = new FunctionCatalog(kinds);
        foreach (Type type in options.FunctionTypes ?? options.Functions.GetTypes())
        {
            foreach ((string name, MethodInfo method) in Declared.GetOrAdd(type, DeclaredBy))
            {
                catalog.Add(name, method);
            }
        }

        catalog.CheckTogether();
        return catalog._problems.Count == 0 ? catalog._functions : throw new StartupException(catalog._problems);
    }

    private static (string Name, MethodInfo Method)[] DeclaredBy(Type type) =>
    [
        .. from method in type.GetMethods(Methods)
           let function = method.GetCustomAttribute<FunctionAttribute>()
           where function is not null
           select (function.Name, method),
    ];

    private void Add(string name, MethodInfo method)
    {
        try
        {
            _functions.Add(Describe(name, method));
        }
        catch (BindingException wrong)
        {
            _problems.Add($"Function '{name}' {wrong.Message}");
        }
    }

    private FunctionModel Describe(string name, MethodInfo method)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            throw new BindingException($"has no name ({method.DeclaringType}.{method.Name}).");
        }

        // Once: where two hosts start at the same time, reflection may give the second call other objects.
        ParameterInfo[] parameters = method.GetParameters();
        ParameterInfo[] triggers =
            [.. parameters.Where(p => p.GetCustomAttribute<TriggerBindingAttribute>() is not null)];
        if (triggers.Length != 1)
        {
            throw new BindingException($"has {triggers.Length} triggers ({method.DeclaringType}.{method.Name}); it needs one.");
        }

        var trigger = triggers[0].GetCustomAttribute<TriggerBindingAttribute>()!;
        var function = new FunctionModel
        {
            Name = name,
            Method = method,
            Trigger = trigger,
            TriggerParameter = triggers[0],
            Kind = _triggers.FirstOrDefault(kind => kind.AttributeType == trigger.GetType())
                ?? throw new BindingException($"has a trigger that the local host does not know: {Label(trigger)}."),
            Retry = RetryPolicy.Find(method),
        };
        // The trigger first: a kind may work out what the other parameters need.
        ParameterBinder value = function.Kind.BindTrigger(function, triggers[0]);
        function.Binders = [.. parameters.Select(p => p == triggers[0] ? value : Bind(function, p))];
        function.Outputs = FunctionOutputs.Find(function, _outputs);
        function.Definition = new LocalFunctionDefinition(function);
        return function;
    }

    private ParameterBinder Bind(FunctionModel function, ParameterInfo parameter)
    {
        if (parameter.ParameterType == typeof(FunctionContext))
        {
            return static context => new ValueTask<object?>(context);
        }

        if (parameter.ParameterType == typeof(CancellationToken))
        {
            return static context => new ValueTask<object?>(context.Cancellation);
        }

        if (parameter.GetCustomAttribute<InputBindingAttribute>() is { } input)
        {
            IInputKind kind = _inputs.FirstOrDefault(kind => kind.AttributeType == input.GetType())
                ?? throw new BindingException($"has an input binding that the local host does not know: {Label(input)}.");
            return kind.Bind(function, parameter, input);
        }

        return function.Kind.BindNamed(function, parameter) ?? throw new BindingException(
            $"has a parameter that nothing binds: {parameter.ParameterType.Name} {parameter.Name}.");
    }

    private void CheckTogether()
    {
        // Function names ignore case in the host.
        foreach (var same in _functions.GroupBy(f => f.Name, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
        {
            string places = string.Join(" and ", same.Select(f => $"{f.Method.DeclaringType!.Name}.{f.Method.Name}"));
            _problems.Add($"Function '{same.Key}' is declared more than once: {places}.");
        }

        foreach (var kind in _functions.GroupBy(function => function.Kind))
        {
            _problems.AddRange(kind.Key.CheckTogether([.. kind]));
        }
    }

    /// <summary>The binding type of an attribute by the metadata generator's rule: its name, camel case, without the suffix.</summary>
    internal static string CamelName(Attribute attribute, string suffix)
    {
        string name = attribute.GetType().Name;
        name = name.EndsWith(suffix, StringComparison.Ordinal) ? name[..^suffix.Length] : name;
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    private static string Label(Attribute attribute) =>
        $"[{attribute.GetType().Name.Replace("Attribute", "", StringComparison.Ordinal)}]";
}

/// <summary>Every binding that the local host knows.</summary>
public sealed record BindingKinds(
    IReadOnlyList<ITriggerKind> Triggers, IReadOnlyList<IInputKind> Inputs, IReadOnlyList<IOutputKind> Outputs);
