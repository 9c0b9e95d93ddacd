Console.WriteLine("FinVault local host");
