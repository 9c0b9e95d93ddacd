using Azure.Messaging.EventHubs;
using FinVault.Local.Hosting;
using FinVault.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace FinVault.Tests.Local.Hosting;

/// <summary>Declarations that cannot work are errors at start which name the function.</summary>
public class CatalogTests
{
    public static TheoryData<Type, string> Wrong => new()
    {
        { typeof(UnknownParameter), "Function 'Odd' has a parameter that nothing binds: Uri elsewhere." },
        { typeof(UnknownTrigger), "Function 'Odd' has a trigger that the local host does not know: [PigeonTrigger]." },
        { typeof(UnknownInput), "Function 'Odd' has an input binding that the local host does not know: [PigeonInput]." },
        { typeof(UnknownOutput), "Function 'Odd' has an output binding that the local host does not know: [PigeonOutput]." },
        { typeof(NoTrigger), "Function 'Odd' has 0 triggers" },
        { typeof(MissingSetting), "Function 'Odd' uses the app setting %Nowhere%, which is not set." },
        { typeof(TwoReturns), "Function 'Odd' has 2 output bindings on $return" },
        { typeof(BadSchedule), "Function 'Odd' has a schedule that is neither an NCRONTAB expression" },
        { typeof(NeverComes), "Function 'Odd' has a schedule that never comes: '0 0 0 30 2 *'." },
        { typeof(BadRoute), "Function 'Odd' has a bad route 'api/v1/a/{b'" },
        { typeof(BadConstraint), "Function 'Odd' has an unknown constraint 'shiny' in its route" },
        { typeof(BatchIntoOne), "Function 'Odd' takes events in batches but its parameter EventData is no array or list" },
        { typeof(ForeignHub), "Function 'Odd' reads event hub 'other'; the local host has only 'ticks'" },
        { typeof(BadRetry), "Function 'Odd' has a retry interval that is no time span: 'soon'." },
        { typeof(BadCategory), "Function 'Odd' has SignalR category 'letters'" },
        { typeof(UnboundArgument), "Function 'Odd' names a SignalR argument 'b' but has no parameter of that name." },
        { typeof(Twice), "Function 'Odd' is declared more than once: Twice.One and Twice.Two." },
        { typeof(SameRoute), "Functions 'A' and 'B' answer the same route 'api/v1/x'." },
        { typeof(SameGroup), "Functions 'A' and 'B' read event hub 'ticks' with the same consumer group '$Default'" },
        { typeof(MissingService), "Function 'Odd' asks for Version in the constructor of MissingService, which is not registered." },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task Start_WhenADeclarationCannotWork_NamesTheFunction(Type functions, string problem)
    {
        var wrong = await Assert.ThrowsAsync<StartupException>(
            () => LocalHost.StartAsync(AppHost.ForFunctions([functions])));

        Assert.StartsWith(problem, Assert.Single(wrong.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WhenSeveralAreWrong_SaysAllOfThem()
    {
        var wrong = await Assert.ThrowsAsync<StartupException>(() => LocalHost.StartAsync(
            AppHost.ForFunctions([typeof(BadSchedule), typeof(BadRoute), typeof(UnknownParameter)])));

        Assert.Equal(3, wrong.Problems.Count);
    }

    [Fact]
    public async Task Start_DescribesFunctionsAsTheWorkerDoes()
    {
        await using AppHost app = await AppHost.WithFunctionsAsync([typeof(Described)]);
        LocalFunctionDefinition definition = Assert.Single(app.Host.Functions).Definition;

        Assert.Equal("Describe", definition.Name);
        Assert.EndsWith("Described.Run", definition.EntryPoint, StringComparison.Ordinal);
        Assert.Equal("httpTrigger", definition.InputBindings["request"].Type);
        Assert.Equal("signalRConnectionInfo", definition.InputBindings["connection"].Type);
        Assert.Equal(["request", "connection", "id"], definition.Parameters.Select(parameter => parameter.Name));
    }

#pragma warning disable CA1822, CA1052 // Function classes as an app may write them.
    public class UnknownParameter
    {
        [Function("Odd")]
        public void Run([HttpTrigger] HttpRequest request, Uri elsewhere) => _ = (request, elsewhere);
    }

    public class UnknownTrigger
    {
        [Function("Odd")]
        public void Run([PigeonTrigger] string letter) => _ = letter;
    }

    public class UnknownInput
    {
        [Function("Odd")]
        public void Run([HttpTrigger] HttpRequest request, [PigeonInput] string letter) => _ = (request, letter);
    }

    public class UnknownOutput
    {
        [Function("Odd")]
        [PigeonOutput]
        public string Run([HttpTrigger] HttpRequest request) => request.Path;
    }

    public class NoTrigger
    {
        [Function("Odd")]
        public void Run(HttpRequest request) => _ = request;
    }

    public class MissingSetting
    {
        [Function("Odd")]
        public void Run([TimerTrigger("%Nowhere%")] TimerInfo timer) => _ = timer;
    }

    public class TwoReturns
    {
        [Function("Odd")]
        [PigeonOutput]
        [SignalROutput(HubName = "h")]
        public SignalRMessageAction? Run([HttpTrigger] HttpRequest request) => request.Path == "/" ? null : new("x");
    }

    public class BadSchedule
    {
        [Function("Odd")]
        public void Run([TimerTrigger("every day")] TimerInfo timer) => _ = timer;
    }

    public class NeverComes
    {
        [Function("Odd")]
        public void Run([TimerTrigger("0 0 0 30 2 *")] TimerInfo timer) => _ = timer;
    }

    public class BadRoute
    {
        [Function("Odd")]
        public void Run([HttpTrigger(Route = "a/{b")] HttpRequest request) => _ = request;
    }

    public class BadConstraint
    {
        [Function("Odd")]
        public void Run([HttpTrigger(Route = "a/{b:shiny}")] HttpRequest request) => _ = request;
    }

    public class BatchIntoOne
    {
        [Function("Odd")]
        public void Run([EventHubTrigger("ticks")] EventData data) => _ = data;
    }

    public class ForeignHub
    {
        [Function("Odd")]
        public void Run([EventHubTrigger("other")] EventData[] data) => _ = data;
    }

    public class BadRetry
    {
        [Function("Odd")]
        [FixedDelayRetry(3, "soon")]
        public void Run([EventHubTrigger("ticks")] EventData[] data) => _ = data;
    }

    public class BadCategory
    {
        [Function("Odd")]
        public void Run([SignalRTrigger("h", "letters", "e")] SignalRInvocationContext invocation) => _ = invocation;
    }

    public class UnboundArgument
    {
        [Function("Odd")]
        public void Run([SignalRTrigger("h", "messages", "e", "a", "b")] SignalRInvocationContext invocation, int a) =>
            _ = (invocation, a);
    }

    public class Twice
    {
        [Function("Odd")]
        public void One([HttpTrigger(Route = "1")] HttpRequest request) => _ = request;

        [Function("odd")]
        public void Two([HttpTrigger(Route = "2")] HttpRequest request) => _ = request;
    }

    public class SameRoute
    {
        [Function("A")]
        public void One([HttpTrigger("get", "post", Route = "x")] HttpRequest request) => _ = request;

        [Function("B")]
        public void Two([HttpTrigger("POST", Route = "x")] HttpRequest request) => _ = request;
    }

    public class SameGroup
    {
        [Function("A")]
        public void One([EventHubTrigger("ticks")] EventData[] data) => _ = data;

        [Function("B")]
        public void Two([EventHubTrigger("%TicksHub%")] EventData[] data) => _ = data;
    }

    public class MissingService(Version version)
    {
        [Function("Odd")]
        public string Run([HttpTrigger] HttpRequest request) => $"{version} {request.Path}";
    }

    public class Described
    {
        [Function("Describe")]
        public string Run(
            [HttpTrigger("get", Route = "d/{id}")] HttpRequest request,
            [SignalRConnectionInfoInput(HubName = "h")] SignalRConnectionInfo connection,
            int id) => $"{request.Path} {connection.Url} {id}";
    }
#pragma warning restore CA1822, CA1052

    [AttributeUsage(AttributeTargets.Parameter)]
    public sealed class PigeonTriggerAttribute : TriggerBindingAttribute;

    [AttributeUsage(AttributeTargets.Parameter)]
    public sealed class PigeonInputAttribute : InputBindingAttribute;

    [AttributeUsage(AttributeTargets.Method)]
    public sealed class PigeonOutputAttribute : OutputBindingAttribute;
}
