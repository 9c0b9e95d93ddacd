namespace FinVault.Portfolios;

/// <summary>
/// The Cholesky factor of a symmetric matrix's rows and columns of a few chosen indices, kept while indices come and
/// go: an index more is one forward substitution, one less a sweep of Givens rotations, both O(count²).
/// </summary>
internal sealed class FactoredSet(double[][] matrix)
{
    private readonly List<int> _indices = [];
    private readonly List<double[]> _rows = [];

    /// <summary>In the order of the factor's rows.</summary>
    public IReadOnlyList<int> Indices => _indices;

    public int Count => _indices.Count;

    /// <summary>False when the matrix is not positive definite on the indices with this one; then nothing changed.</summary>
    public bool TryAdd(int index)
    {
        double[] row = new double[Count + 1];
        for (int i = 0; i < Count; i++)
        {
            row[i] = matrix[index][_indices[i]];
        }

        ForwardInPlace(row);
        double pivot = matrix[index][index] - VectorMath.Dot(row.AsSpan(0, Count), row.AsSpan(0, Count));
        if (!(pivot > 1e-13 * matrix[index][index]))
        {
            return false;
        }

        row[^1] = Math.Sqrt(pivot);
        _rows.Add(row);
        _indices.Add(index);
        return true;
    }

    public void Remove(int index)
    {
        int at = _indices.IndexOf(index);
        _indices.RemoveAt(at);
        _rows.RemoveAt(at);
        for (int column = at; column < Count; column++)
        {
            (double a, double b) = (_rows[column][column], _rows[column][column + 1]);
            double length = Math.Sqrt((a * a) + (b * b));
            (double cosine, double sine) = (a / length, b / length);
            for (int i = column; i < Count; i++)
            {
                double[] row = _rows[i];
                (double x, double y) = (row[column], row[column + 1]);
                (row[column], row[column + 1]) = ((cosine * x) + (sine * y), (cosine * y) - (sine * x));
            }
        }

        for (int i = at; i < Count; i++)
        {
            Array.Resize(ref System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_rows)[i], i + 1);
        }
    }

    /// <summary>Solves L y = right side, of which the first <see cref="Count"/> numbers are taken and overwritten.</summary>
    public void ForwardInPlace(double[] right)
    {
        for (int i = 0; i < Count; i++)
        {
            double[] row = _rows[i];
            right[i] = (right[i] - VectorMath.Dot(row.AsSpan(0, i), right.AsSpan(0, i))) / row[i];
        }
    }

    /// <summary>Solves Lᵀ x = right side in place.</summary>
    public void BackwardInPlace(double[] right)
    {
        for (int i = Count - 1; i >= 0; i--)
        {
            double[] row = _rows[i];
            right[i] /= row[i];
            VectorMath.AddScaled(right.AsSpan(0, i), row.AsSpan(0, i), -right[i]);
        }
    }
}
