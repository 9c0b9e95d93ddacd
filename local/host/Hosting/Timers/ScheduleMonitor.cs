using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Local.Hosting;

/// <summary>
/// Remembers each timer's schedule status, in a folder or in memory, so that an occurrence missed while the host was down is
/// noticed. The rules are ScheduleMonitor's of the timer extension.
/// </summary>
public sealed class ScheduleMonitor(string? folder)
{
    private readonly ConcurrentDictionary<string, ScheduleStatus> _memory = new();

    public ScheduleStatus? Read(string function)
    {
        if (folder is null)
        {
            return _memory.GetValueOrDefault(function);
        }

        string file = FileOf(function);
        return File.Exists(file) ? JsonSerializer.Deserialize<ScheduleStatus>(File.ReadAllBytes(file)) : null;
    }

    public void Write(string function, ScheduleStatus status)
    {
        if (folder is null)
        {
            _memory[function] = status;
            return;
        }

        // A killed process leaves the old status or the new one, never half of one.
        Directory.CreateDirectory(folder);
        string file = FileOf(function);
        File.WriteAllBytes(file + ".new", JsonSerializer.SerializeToUtf8Bytes(status));
        File.Move(file + ".new", file, overwrite: true);
    }

    /// <summary>
    /// The status to go on from, written if it is new or its schedule was changed: a changed schedule is not past due.
    /// </summary>
    public ScheduleStatus Open(string function, TimerSchedule schedule, DateTime now)
    {
        ScheduleStatus? status = Read(function);
        if (status is not null)
        {
            DateTime from = status.Last != default ? status.Last : status.LastUpdated != default ? status.LastUpdated : now;
            DateTime expected = schedule.Next(from);
            if (status.Next == expected)
            {
                return status;
            }

            if (now <= expected)
            {
                return Save(function, expected, from);
            }
        }

        return Save(function, schedule.Next(now), now);
    }

    private ScheduleStatus Save(string function, DateTime next, DateTime lastUpdated)
    {
        var status = new ScheduleStatus { Next = next, LastUpdated = lastUpdated };
        Write(function, status);
        return status;
    }

    private string FileOf(string function) => Path.Combine(folder!, Uri.EscapeDataString(function) + ".json");
}
