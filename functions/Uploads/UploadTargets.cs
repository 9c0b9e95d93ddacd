using FinVault.Platform;

namespace FinVault.Uploads;

/// <summary>The target of each kind.</summary>
public sealed class UploadTargets(IEnumerable<IUploadTarget> targets)
{
    private readonly Dictionary<string, IUploadTarget> _byKind = targets.ToDictionary(t => t.Kind);

    /// <exception cref="ProblemException">upload_not_allowed: nothing takes this kind yet.</exception>
    public IUploadTarget Of(UploadKind kind)
    {
        ArgumentNullException.ThrowIfNull(kind);
        return _byKind.TryGetValue(kind.Name, out IUploadTarget? target)
            ? target
            : throw Problems.UploadNotAllowed.With($"{kind.Name} cannot be uploaded yet.");
    }
}
