using System.Text.Json;

namespace FinVault.Local.VerifyDraw;

/// <summary>
/// <c>verify-draw RECORD.json [RECEIPT.json …] [--commitment HEX] [--root HEX]</c>: checks a draw offline, by
/// docs/draw.md and with no code of the draw. Exit code 0 when everything holds, 1 when something does not, 2 when
/// there is nothing to check.
/// </summary>
internal static class VerifyDrawCommand
{
    public const string Name = "verify-draw";

    private const string Usage = "verify-draw RECORD.json [RECEIPT.json …] [--commitment HEX] [--root HEX]";

    public static int Run(IReadOnlyList<string> arguments, TextWriter output)
    {
        List<string> files = [];
        Dictionary<string, string> kept = [];
        for (int i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] is "--commitment" or "--root" && i + 1 < arguments.Count)
            {
                kept[arguments[i]] = arguments[++i].ToLowerInvariant();
            }
            else
            {
                files.Add(arguments[i]);
            }
        }

        if (files.Count == 0 || files.Exists(file => file.StartsWith("--", StringComparison.Ordinal)))
        {
            output.WriteLine(Usage);
            return 2;
        }

        try
        {
            return Check(files, kept.GetValueOrDefault("--commitment"), kept.GetValueOrDefault("--root"), output);
        }
        catch (Exception unreadable) when (unreadable is IOException or JsonException or FormatException
            or InvalidOperationException or KeyNotFoundException or UnauthorizedAccessException or ArgumentException
            or OverflowException or DivideByZeroException)
        {
            output.WriteLine($"FAILED   this is no record that can be checked: {unreadable.Message}");
            return 2;
        }
    }

    private static int Check(List<string> files, string? commitment, string? root, TextWriter output)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(files[0]));
        if (document.RootElement.TryGetProperty("state", out JsonElement state) && state.GetString() != "revealed")
        {
            output.WriteLine($"FAILED   the draw is {state.GetString()}, there is nothing to check before the reveal");
            return 2;
        }

        Record record = new(document.RootElement);
        output.WriteLine($"Draw of {record.Giveaway}, {record.Mode}, {record.Prizes.Count} prizes, {record.Entries.Count} entries");
        List<Finding> findings = [.. new RecordCheck(record, commitment, root).Run()];
        foreach (string file in files.Skip(1))
        {
            using JsonDocument receipts = JsonDocument.Parse(File.ReadAllText(file));
            IEnumerable<JsonElement> all = receipts.RootElement.ValueKind == JsonValueKind.Array
                ? receipts.RootElement.EnumerateArray()
                : [receipts.RootElement];
            foreach (JsonElement receipt in all)
            {
                ReceiptCheck check = new(record, receipt);
                findings.Add(new(check.Fault is null, $"your receipt of {check.Name}", check.Fault ?? check.Odds));
            }
        }

        foreach (Finding finding in findings)
        {
            output.WriteLine($"{(finding.Holds ? "ok      " : "FAILED  ")} {finding.Name}"
                + (finding.Detail.Length > 0 ? $": {finding.Detail}" : ""));
        }

        if (record.Beacon is not null)
        {
            output.WriteLine("not checked: the beacon's signature (BLS). Ask the beacon for the round and compare.");
        }

        if (commitment is null)
        {
            output.WriteLine("not checked: when the commitment was published. Give the one you saw as --commitment.");
        }

        int failed = findings.Count(finding => !finding.Holds);
        output.WriteLine(failed == 0 ? $"VERIFIED: all {findings.Count} checks hold." : $"NOT VERIFIED: {failed} of {findings.Count} checks failed.");
        return failed == 0 ? 0 : 1;
    }
}
