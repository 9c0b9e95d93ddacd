using System.Text;
using System.Text.Json;
using FinVault.Local.Cosmos;

namespace FinVault.Tests.Local.Cosmos;

public sealed class JsonCursorTests
{
    private const int Seed = 20260105;

    private static readonly string[] Samples =
    [
        """{"id":"a","n":[1,-2,0,0.5,1e9,-3.25E-7,10],"s":"x\u00e9\n\"\\/","o":{"t":true,"f":false,"z":null,"e":{},"l":[[],[{}]]}}""",
        """ [ 1 , "two" , { "three" : [ 3 , null ] } , -0 , 0e0 ] """,
        "\"ünï\"", "true", "-12.5e+3", "{}", "[]",
    ];

    /// <summary>Random damage to valid texts: both must agree on which texts are still JSON.</summary>
    [Fact]
    public void Cursor_WhenTheTextIsDamaged_AgreesWithTheFrameworksParser()
    {
        var random = new Random(Seed);
        const string spices = "{}[]:,\"\\0123456789.-+eEtfnu \n\u0001x";
        int valid = 0, invalid = 0;
        for (int i = 0; i < 60_000; i++)
        {
            var text = new StringBuilder(Samples[random.Next(Samples.Length)]);
            for (int damage = random.Next(3); damage > 0; damage--)
            {
                int at = random.Next(text.Length);
                if (random.Next(2) == 0)
                {
                    text.Remove(at, 1);
                }
                else
                {
                    text.Insert(at, spices[random.Next(spices.Length)]);
                }
                if (text.Length == 0)
                {
                    break;
                }
            }
            byte[] json = Encoding.UTF8.GetBytes(text.ToString());
            bool expected = Parses(json);
            valid += expected ? 1 : 0;
            invalid += expected ? 0 : 1;
            Assert.True(expected == Skips(json), $"{(expected ? "valid" : "invalid")}: {text}");
        }
        Assert.True(valid > 1000 && invalid > 1000);
    }

    [Fact]
    public void Cursor_WhenNestedTooDeep_SaysSoInsteadOfOverflowing()
    {
        byte[] deep = Encoding.UTF8.GetBytes(new string('[', 1_000_000));
        Assert.False(Skips(deep));
    }

    private static bool Skips(byte[] json)
    {
        try
        {
            var cursor = new JsonCursor(json);
            cursor.SkipValue();
            cursor.ExpectEnd();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool Parses(byte[] json)
    {
        try
        {
            JsonDocument.Parse(json).Dispose();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
