using FinVault.Local.EventHubs.Amqp;
using FsCheck;
using FsCheck.Fluent;

namespace FinVault.Tests.Local.EventHubs.Amqp;

/// <summary>The encoding alone. That it is AMQP's, the real clients prove.</summary>
public class WireTests
{
    [Fact]
    public void Values_ComeBackAsTheyWere()
    {
        object?[] values =
        [
            null, true, false, (byte)200, (sbyte)-3, (ushort)65535, (short)-2, 4_000_000_000u, -7, 5ul, ulong.MaxValue,
            long.MinValue, 1.5f, Math.PI, new Guid("00112233-4455-6677-8899-aabbccddeeff"), new Symbol("x-opt-offset"), "",
            new string('अ', 300), DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123),
        ];

        Assert.All(values, value => Assert.Equal(value, Decode(AmqpWriter.Encode(value))));
    }

    [Fact]
    public void Composites_ComeBackAsTheyWere()
    {
        var map = new Dictionary<object, object?> { [new Symbol("a")] = new List<object?> { 1, "two", null }, ["b"] = new byte[300] };
        var described = (Described)Decode(AmqpWriter.Encode(new Described(Codes.Attach, map)))!;
        var back = (Dictionary<object, object?>)described.Value!;

        Assert.Equal(Codes.Attach, described.Code);
        Assert.Equal([1, "two", null], (List<object?>)back[new Symbol("a")]!);
        Assert.Equal(300, ((byte[])back["b"]!).Length);
        Assert.Equal(["0", "1"], (object?[])Decode(AmqpWriter.Encode(new object?[] { "0", "1" }))!);
        Assert.Equal([new Symbol("PLAIN")], (object?[])Decode(AmqpWriter.Encode(new object?[] { new Symbol("PLAIN") }))!);
    }

    /// <summary>Whatever comes over the wire is a value or a refusal, never a crash, and takes no more than it has.</summary>
    [Fact]
    public void Bytes_ThatAreNoValue_AreRefused() => Prop.ForAll(
        ArbMap.Default.ArbFor<byte[]>(),
        bytes =>
        {
            try
            {
                Decode(bytes);
            }
            catch (AmqpException refused)
            {
                return refused.Condition == Conditions.DecodeError;
            }

            return true;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(new byte[] { 0xd0, 0, 0, 0, 4, 0x7f, 0xff, 0xff, 0xff })] // a list of two thousand million
    [InlineData(new byte[] { 0xd0, 0, 0, 0, 4, 0x80, 0, 0, 0 })] // a list of less than nothing
    [InlineData(new byte[] { 0xb0, 0xff, 0xff, 0xff, 0xff })] // a negative size
    [InlineData(new byte[] { 0xa1, 5, 65 })] // cut short
    [InlineData(new byte[] { 0x40, 0x40, 0x3f })] // after a value, no value
    public void Sizes_ThatCannotBe_AreRefused(byte[] bytes) => Assert.Equal(
        Conditions.DecodeError,
        Assert.Throws<AmqpException>(() =>
        {
            var reader = new AmqpReader(bytes);
            while (!reader.AtEnd)
            {
                reader.Read();
            }
        }).Condition);

    [Fact]
    public void Nesting_HasABottom() => Assert.Throws<AmqpException>(() => Decode(new byte[10_000]));

    private static object? Decode(ReadOnlySpan<byte> bytes) => new AmqpReader(bytes).Read();
}
