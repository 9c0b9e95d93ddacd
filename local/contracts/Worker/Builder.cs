using FinVault.Contracts;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Microsoft.Azure.Functions.Worker
{
    public interface IFunctionsWorkerApplicationBuilder
    {
        IServiceCollection Services { get; }

        IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware);
    }
}

namespace Microsoft.Azure.Functions.Worker.Middleware
{
    public delegate Task FunctionExecutionDelegate(FunctionContext context);

    public interface IFunctionsWorkerMiddleware
    {
        Task Invoke(FunctionContext context, FunctionExecutionDelegate next);
    }
}

namespace Microsoft.Azure.Functions.Worker.Builder
{
    public class FunctionsApplication
    {
        public static FunctionsApplicationBuilder CreateBuilder(string[] args) => throw Declaration.Only;
    }

    public class FunctionsApplicationBuilder : IHostApplicationBuilder, IFunctionsWorkerApplicationBuilder
    {
        internal FunctionsApplicationBuilder()
        {
        }

        public IDictionary<object, object> Properties => throw Declaration.Only;

        public ConfigurationManager Configuration => throw Declaration.Only;

        public IHostEnvironment Environment => throw Declaration.Only;

        public ILoggingBuilder Logging => throw Declaration.Only;

        public IMetricsBuilder Metrics => throw Declaration.Only;

        public IServiceCollection Services => throw Declaration.Only;

        IConfigurationManager IHostApplicationBuilder.Configuration => throw Declaration.Only;

        public IHost Build() => throw Declaration.Only;

        public void ConfigureContainer<TContainerBuilder>(
            IServiceProviderFactory<TContainerBuilder> factory, Action<TContainerBuilder>? configure = null)
            where TContainerBuilder : notnull => throw Declaration.Only;

        public IFunctionsWorkerApplicationBuilder Use(
            Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware) => throw Declaration.Only;
    }

    public static class FunctionsApplicationBuilderAspNetCoreExtensions
    {
        public static FunctionsApplicationBuilder ConfigureFunctionsWebApplication(
            this FunctionsApplicationBuilder builder) => throw Declaration.Only;
    }
}
