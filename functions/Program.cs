using FinVault;
using FinVault.Market.Live;
using FinVault.Platform;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

FunctionsApplicationBuilder builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services.AddAzureClients(builder.Configuration, Realtime.Hub);
builder.AddFinVault(builder.Configuration);
await builder.Build().RunAsync();
