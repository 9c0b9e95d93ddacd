using System.Numerics;
using System.Runtime.InteropServices;

namespace FinVault.Portfolios;

/// <summary>The two inner loops of the optimiser, as wide as the processor.</summary>
internal static class VectorMath
{
    public static double Dot(ReadOnlySpan<double> one, ReadOnlySpan<double> other)
    {
        ReadOnlySpan<Vector<double>> a = MemoryMarshal.Cast<double, Vector<double>>(one);
        ReadOnlySpan<Vector<double>> b = MemoryMarshal.Cast<double, Vector<double>>(other);
        Vector<double> sums = Vector<double>.Zero;
        for (int i = 0; i < a.Length; i++)
        {
            sums += a[i] * b[i];
        }

        double sum = Vector.Sum(sums);
        for (int i = a.Length * Vector<double>.Count; i < one.Length; i++)
        {
            sum += one[i] * other[i];
        }

        return sum;
    }

    /// <summary>target += factor × added.</summary>
    public static void AddScaled(Span<double> target, ReadOnlySpan<double> added, double factor)
    {
        Span<Vector<double>> a = MemoryMarshal.Cast<double, Vector<double>>(target);
        ReadOnlySpan<Vector<double>> b = MemoryMarshal.Cast<double, Vector<double>>(added);
        Vector<double> factors = new(factor);
        for (int i = 0; i < a.Length; i++)
        {
            a[i] += b[i] * factors;
        }

        for (int i = a.Length * Vector<double>.Count; i < target.Length; i++)
        {
            target[i] += added[i] * factor;
        }
    }
}
