using FinVault.Market.Providers;
using Microsoft.Extensions.Configuration;

namespace FinVault.Tests.Market.Providers;

public sealed class ProviderOptionsTests
{
    [Fact]
    public void From_NothingSet_HasNoProviders() => Assert.Empty(Read().Providers);

    [Fact]
    public void From_Settings_HaveTheirDefaults()
    {
        HttpProviderOptions provider = Assert.Single(
            Read(("Name", "acme"), ("Url", "https://acme.example/{symbols}")).Providers);

        Assert.Equal((2.0, 5.0, 10.0), (provider.ConnectSeconds, provider.ReadSeconds, provider.TotalSeconds));
        Assert.Equal((5, 60), (provider.BreakerFailures, provider.BreakerSeconds));
        Assert.Equal(60, provider.RequestsPerMinute);
    }

    [Theory]
    [InlineData("bybit", null, null, 120)]
    [InlineData("AlphaVantage", null, null, 5)]
    [InlineData("bybit", "30", null, 30)]
    [InlineData("bybit", "30", "240", 240)]
    public void From_RateLimit_IsTheProvidersOwnUnlessSet(string name, string? setting, string? variable, int expected)
    {
        ProviderOptions options = Read(
            ("Name", name), ("Url", "https://acme.example/{symbols}"), ("RequestsPerMinute", setting),
            (":BYBIT_RATE_LIMIT", variable));

        Assert.Equal(expected, options.Providers[0].RequestsPerMinute);
    }

    [Theory]
    [InlineData("Name", "", "PriceProviders:Providers:0:Name")]
    [InlineData("Name", "a b", "PriceProviders:Providers:0:Name")]
    [InlineData("Url", "acme", "PriceProviders:Providers:0:Url")]
    [InlineData("Url", "https://acme.example/", "PriceProviders:Providers:0:Url must say {symbols}")]
    [InlineData("Url", "ftp://acme.example/{symbols}", "PriceProviders:Providers:0:Url")]
    [InlineData("BatchSize", "0", "PriceProviders:Providers:0:BatchSize")]
    [InlineData("Price", "data.price", "JSON Pointers")]
    [InlineData("RequestsPerMinute", "0", "ACME_RATE_LIMIT")]
    [InlineData("TotalSeconds", "0", "PriceProviders:Providers:0:")]
    public void From_WrongSetting_IsNamed(string setting, string value, string named)
    {
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => Read(
            ("Name", "acme"), ("Url", "https://acme.example/{symbols}"), (setting, value)));

        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    // A name that begins with ':' is a setting of its own, not one of the first provider.
    private static ProviderOptions Read(params (string Name, string? Value)[] settings)
    {
        Dictionary<string, string?> all = [];
        foreach ((string name, string? value) in settings.Where(setting => setting.Value is not null))
        {
            all[name[0] == ':' ? name[1..] : $"PriceProviders:Providers:0:{name}"] = value;
        }

        return ProviderOptions.From(new ConfigurationBuilder().AddInMemoryCollection(all).Build());
    }
}
