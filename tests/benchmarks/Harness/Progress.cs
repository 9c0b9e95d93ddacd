namespace FinVault.Benchmarks.Harness;

/// <summary>A bar on standard error: drawn over itself on a terminal, a line a tenth elsewhere.</summary>
internal sealed class Progress(string what)
{
    private const int Width = 30;

    private readonly Lock _gate = new();
    private int _shown = -1;

    /// <param name="share">0 to 1.</param>
    public void Report(double share)
    {
        lock (_gate)
        {
            int steps = Console.IsErrorRedirected ? 10 : 100;
            int step = (int)(Math.Clamp(share, 0, 1) * steps);
            if (step == _shown)
            {
                return;
            }

            _shown = step;
            int full = step * Width / steps;
            string bar = $"{what} [{new string('#', full)}{new string('.', Width - full)}] {step * 100 / steps,3} %";
            Console.Error.Write(Console.IsErrorRedirected ? bar + "\n" : $"\r{bar}{(step == steps ? "\n" : "")}");
        }
    }
}
