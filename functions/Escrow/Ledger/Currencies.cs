using System.Collections.Frozen;

namespace FinVault.Escrow;

/// <summary>
/// The circulating currencies of ISO 4217 and their exponents: how many decimal digits the minor unit has, so 12345
/// minor units of INR (exponent 2) are 123.45 rupees. Codes of metals, funds and tests are left out.
/// </summary>
public static class Currencies
{
    private const string None = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF";
    private const string Three = "BHD IQD JOD KWD LYD OMR TND";

    private const string Two =
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC "
        + "CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR "
        + "JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD "
        + "NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN "
        + "SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG";

    /// <summary>Exponents by code.</summary>
    public static FrozenDictionary<string, int> Exponents { get; } = Codes(None, 0)
        .Concat(Codes(Two, 2))
        .Concat(Codes(Three, 3))
        .ToFrozenDictionary(StringComparer.Ordinal);

    public static bool Exists(string? code) => code is not null && Exponents.ContainsKey(code);

    private static IEnumerable<KeyValuePair<string, int>> Codes(string codes, int exponent) =>
        codes.Split(' ').Select(code => KeyValuePair.Create(code, exponent));
}
