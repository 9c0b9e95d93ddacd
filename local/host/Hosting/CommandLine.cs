using System.Globalization;

namespace FinVault.Local.Hosting;

/// <summary>Reads the local host's options. Anything odd is one sentence for the person who typed it.</summary>
public static class CommandLine
{
    /// <summary>Where a Functions host that borrows the services looks for them; its own port is 7071.</summary>
    public const string ServicesUrl = "http://127.0.0.1:8081";

    /// <summary>Where it looks for SignalR, as Microsoft's emulator has it. Each address serves everything.</summary>
    public const string SignalRUrl = "http://127.0.0.1:8888";

    public const string Help = """
        FinVault on this machine: the app, its services and the web client in one process.

        dotnet run --project local/host -- [options]

          --urls URLS          where to listen, separated by ';'      [http://127.0.0.1:7071]
          --data FOLDER        where state is kept; :memory: keeps nothing         [.finvault]
          --replay FILE        play recorded ticks (symbol,seq,timestamp,ltp,volume; gz or not)
          --speed N|max        how fast: 1 is as recorded, max as fast as it is taken      [1]
          --feed demo|none     the always-on feed of test symbols      [demo; none with --replay]
          --partitions N       partitions of the event hub, kept by the data folder        [4]
          --services           only the embedded services, for another Functions host,
                               on the ports of the sample's settings
                                                 [http://127.0.0.1:8081;http://127.0.0.1:8888]
          --amqp-port N        where its event hub speaks AMQP                          [5672]
          --mail-port N        where it takes mail                                      [1025]
          --upstream URL       where its SignalR tells what clients do
                                             [http://localhost:7071/runtime/webhooks/signalr]
          --help               this

          verify-draw RECORD.json [RECEIPT.json ...] [--commitment HEX] [--root HEX]
                               check a giveaway's draw offline (docs/draw.md), and nothing else

        Ctrl-C stops: running work is finished first. State survives kill -9.
        FINVAULT_WEB=off in the environment neither builds nor serves the web client.
        """;

    /// <summary>The options; null for --help.</summary>
    /// <exception cref="FormatException">An unknown option or a bad value.</exception>
    public static LocalHostOptions? Parse(IReadOnlyList<string> arguments)
    {
        var options = new LocalHostOptions
        {
            Console = true,
            Web = Environment.GetEnvironmentVariable("FINVAULT_WEB") != "off",
        };
        string? urls = null;
        for (int i = 0; i < arguments.Count; i++)
        {
            string[] parts = arguments[i].Split('=', 2);
            string name = parts[0];
            string Value() => parts.Length == 2 ? parts[1]
                : i + 1 < arguments.Count && !arguments[i + 1].StartsWith("--", StringComparison.Ordinal) ? arguments[++i]
                : throw new FormatException($"{name} needs a value.");
            switch (name)
            {
                case "--help" or "-h" or "-?":
                    return null;
                case "--urls":
                    urls = Urls(Value());
                    break;
                case "--data":
                    options = options with { Data = NotEmpty(name, Value()) };
                    break;
                case "--replay":
                    options = options with { Replay = ExistingFile(Value()) };
                    break;
                case "--speed":
                    options = options with { Speed = Speed(Value()) };
                    break;
                case "--feed":
                    options = options with { Feed = Feed(Value()) };
                    break;
                case "--partitions":
                    options = options with { Partitions = Partitions(Value()) };
                    break;
                case "--services" when parts.Length == 1:
                    options = options with { Services = true };
                    break;
                case "--amqp-port":
                    options = options with { AmqpPort = Port(name, Value()) };
                    break;
                case "--mail-port":
                    options = options with { MailPort = Port(name, Value()) };
                    break;
                case "--upstream":
                    options = options with { Upstream = Upstream(Value()) };
                    break;
                default:
                    throw new FormatException($"There is no option {arguments[i]}. --help lists them.");
            }
        }

        if (options.Services && (options.Replay is not null || options.Feed is not null))
        {
            throw new FormatException("--services runs no functions, so nothing would take what --replay or --feed sends.");
        }

        return options with { Urls = urls ?? (options.Services ? $"{ServicesUrl};{SignalRUrl}" : options.Urls) };
    }

    private static int Port(string name, string value) =>
        ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)
            ? port
            : throw new FormatException($"{name}: '{value}' is no port.");

    private static string Upstream(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https"
            ? value
            : throw new FormatException($"--upstream: '{value}' is no address such as {SignalR.Upstream.Default}.");

    private static string NotEmpty(string name, string value) =>
        value.Length > 0 ? value : throw new FormatException($"{name} needs a value.");

    private static string Urls(string value)
    {
        foreach (string url in value.Split(';'))
        {
            if (!Uri.TryCreate(url.Replace("://*", "://localhost", StringComparison.Ordinal)
                    .Replace("://+", "://localhost", StringComparison.Ordinal), UriKind.Absolute, out Uri? parsed)
                || parsed.Scheme is not ("http" or "https"))
            {
                throw new FormatException($"--urls: '{url}' is no address such as http://127.0.0.1:7071.");
            }
        }

        return value;
    }

    private static string ExistingFile(string value) =>
        File.Exists(value) ? value : throw new FormatException($"--replay: there is no file {value}.");

    private static string Speed(string value) =>
        value == "max" || (double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double factor)
            && double.IsFinite(factor) && factor > 0)
            ? value
            : throw new FormatException($"--speed: '{value}' is neither a number above 0 nor max.");

    private static string Feed(string value) =>
        value is "demo" or "none" ? value : throw new FormatException($"--feed: '{value}' is neither demo nor none.");

    private static int Partitions(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is >= 1 and <= 32
            ? count
            : throw new FormatException($"--partitions: '{value}' is no number from 1 to 32.");
}
