using System.Collections.Immutable;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace FinVault.Local.Hosting;

/// <summary>A function's metadata, as the worker's source generator would have written it.</summary>
public sealed class LocalFunctionDefinition : FunctionDefinition
{
    public LocalFunctionDefinition(FunctionModel function)
    {
        Name = function.Name;
        EntryPoint = $"{function.Method.DeclaringType!.FullName}.{function.Method.Name}";
        // The same from run to run, as the real host's are.
        Id = StableId($"{EntryPoint}|{Name}");
        PathToAssembly = function.Method.Module.FullyQualifiedName;
        Parameters = [.. function.Method.GetParameters().Select(Describe)];
        InputBindings = ImmutableDictionary.CreateRange(
            function.Method.GetParameters()
                .Where(parameter => parameter.GetCustomAttribute<BindingAttribute>() is not null)
                .Select(parameter => KeyValuePair.Create(
                    parameter.Name!,
                    (BindingMetadata)new LocalBindingMetadata(
                        parameter.Name!,
                        parameter.Position == function.TriggerParameter.Position
                            ? function.Kind.BindingType
                            : FunctionCatalog.CamelName(parameter.GetCustomAttribute<BindingAttribute>()!, "InputAttribute"),
                        BindingDirection.In))));
        OutputBindings = ImmutableDictionary.CreateRange(
            function.Outputs.Describe().Select(output => KeyValuePair.Create(
                output.Name, (BindingMetadata)new LocalBindingMetadata(output.Name, output.Type, BindingDirection.Out))));
    }

    public override ImmutableArray<FunctionParameter> Parameters { get; }

    public override string PathToAssembly { get; }

    public override string EntryPoint { get; }

    public override string Id { get; }

    public override string Name { get; }

    public override IImmutableDictionary<string, BindingMetadata> InputBindings { get; }

    public override IImmutableDictionary<string, BindingMetadata> OutputBindings { get; }

    private static FunctionParameter Describe(ParameterInfo parameter)
    {
        var properties = new Dictionary<string, object>();
        if (parameter.GetCustomAttribute<BindingAttribute>() is { } attribute)
        {
            properties["bindingAttribute"] = attribute;
        }

        return new FunctionParameter(parameter.Name!, parameter.ParameterType, properties);
    }

    private static string StableId(string text) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)))[..16];
}

internal sealed class LocalBindingMetadata(string name, string type, BindingDirection direction) : BindingMetadata
{
    public override string Name => name;

    public override string Type => type;

    public override BindingDirection Direction => direction;
}
