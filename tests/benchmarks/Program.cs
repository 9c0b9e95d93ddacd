using FinVault.Benchmarks;

return await BenchmarkProgram.RunAsync(args);
