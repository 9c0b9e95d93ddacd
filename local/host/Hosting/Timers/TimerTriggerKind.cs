using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Local.Hosting;

/// <summary>Timer triggers: NCRONTAB or TimeSpan, UTC, driven by the host's clock.</summary>
public sealed class TimerTriggerKind(SettingText settings, TimeProvider time) : ITriggerKind
{
    internal sealed record Timer(TimerSchedule Schedule, bool Monitored, bool RunOnStartup);

    public Type AttributeType => typeof(TimerTriggerAttribute);

    public string BindingType => "timerTrigger";

    public ParameterBinder BindTrigger(FunctionModel function, ParameterInfo parameter)
    {
        if (parameter.ParameterType != typeof(TimerInfo) && parameter.ParameterType != typeof(object))
        {
            throw new BindingException($"takes its timer as {parameter.ParameterType.Name}; it must be TimerInfo.");
        }

        var trigger = (TimerTriggerAttribute)function.Trigger;
        DateTime now = time.GetUtcNow().UtcDateTime;
        TimerSchedule schedule = TimerSchedule.Parse(settings.Resolve(trigger.Schedule), now);
        function.Plan = new Timer(schedule, trigger.UseMonitor && !schedule.IsSubMinute(now), trigger.RunOnStartup);
        return static context => new ValueTask<object?>(context.Input.Value);
    }

    public FunctionListener CreateListener(FunctionModel function, IServiceProvider services) => new TimerListener(
        function,
        (Timer)function.Plan!,
        services.GetRequiredService<ScheduleMonitor>(),
        services.GetRequiredService<FunctionRunner>(),
        time);
}
