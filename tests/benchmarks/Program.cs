Console.WriteLine("FinVault benchmarks");
