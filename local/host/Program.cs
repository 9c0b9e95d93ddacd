using FinVault.Local.Hosting;
using FinVault.Local.VerifyDraw;

if (args is [VerifyDrawCommand.Name, .. string[] rest])
{
    return VerifyDrawCommand.Run(rest, Console.Out);
}

LocalHostOptions? options;
try
{
    options = CommandLine.Parse(args);
}
catch (FormatException wrong)
{
    await Console.Error.WriteLineAsync(wrong.Message);
    return 2;
}

if (options is null)
{
    Console.WriteLine(CommandLine.Help);
    return 0;
}

return await CommandLineRun.RunAsync(options);
