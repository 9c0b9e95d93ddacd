using System.Text.Json;

namespace Microsoft.DurableTask
{
    public abstract class DataConverter
    {
        protected DataConverter()
        {
        }

        public abstract string? Serialize(object? value);

        public abstract object? Deserialize(string? data, Type targetType);

        public virtual T? Deserialize<T>(string? data) => (T?)(Deserialize(data, typeof(T)) ?? default(T));
    }
}

namespace Microsoft.DurableTask.Converters
{
    /// <summary>System.Text.Json with its defaults, public fields included.</summary>
    public class JsonDataConverter : DataConverter
    {
        static readonly JsonSerializerOptions DefaultOptions = new() { IncludeFields = true };

        readonly JsonSerializerOptions options;

        public JsonDataConverter(JsonSerializerOptions? options = null) => this.options = options ?? DefaultOptions;

        public static JsonDataConverter Default { get; } = new();

        public override string? Serialize(object? value) =>
            value is null ? null : JsonSerializer.Serialize(value, value.GetType(), options);

        public override object? Deserialize(string? data, Type targetType) =>
            data is null ? null : JsonSerializer.Deserialize(data, targetType, options);
    }
}
