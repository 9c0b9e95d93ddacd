using Microsoft.Extensions.Configuration;

namespace FinVault.Uploads;

/// <summary>What may be uploaded as one kind. Each number is a setting <c>Uploads:Kinds:NAME:…</c> with this default.</summary>
/// <param name="Name">As clients name it.</param>
/// <param name="MaxBytes">Largest file.</param>
/// <param name="ContentTypes">The only content types, by name.</param>
/// <param name="IsPublic">Whether anybody may read it by its URL once it is confirmed.</param>
public sealed record UploadKind(string Name, long MaxBytes, IReadOnlyList<string> ContentTypes, bool IsPublic)
{
    public const string EventImage = "eventImage";
    public const string ProfilePicture = "profilePicture";
    public const string PrizeImage = "prizeImage";
    public const string MerchantDocument = "merchantDocument";

    private const long MegaByte = 1024 * 1024;

    private static readonly string[] Images = ["image/jpeg", "image/png", "image/webp"];

    /// <summary>Files above this are sent as blocks, so that a broken connection costs one block (8 MB).</summary>
    public const long BlockBytes = 8 * MegaByte;

    public static IReadOnlyList<UploadKind> Defaults { get; } =
    [
        new(EventImage, 5 * MegaByte, Images, IsPublic: true),
        new(ProfilePicture, 5 * MegaByte, Images, IsPublic: true),
        new(PrizeImage, 5 * MegaByte, Images, IsPublic: true),
        new(MerchantDocument, 250 * MegaByte, ["application/pdf"], IsPublic: false),
    ];
}

/// <summary>The numbers of uploads. Each is a setting <c>Uploads:Name</c> with this default.</summary>
public sealed record UploadOptions
{
    public const int MaxBulk = 20;

    /// <summary>How long a URL can be used.</summary>
    public int UrlSeconds { get; init; } = 15 * 60;

    /// <summary>How long an upload may take from the first URL to its confirmation, with any number of new URLs.</summary>
    public int UploadSeconds { get; init; } = 24 * 3600;

    /// <summary>Uploads of one user that are neither confirmed nor over.</summary>
    public int MaxOpen { get; init; } = 100;

    /// <summary>What those may have in all.</summary>
    public long MaxOpenBytes { get; init; } = 2L * 1024 * 1024 * 1024;

    /// <summary>Uploads for one entity a day.</summary>
    public int MaxPerEntityADay { get; init; } = 200;

    public IReadOnlyDictionary<string, UploadKind> Kinds { get; private init; } = new Dictionary<string, UploadKind>();

    public static UploadOptions From(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        IConfigurationSection section = configuration.GetSection("Uploads");
        UploadOptions options = new();
        section.Bind(options);
        return options with
        {
            Kinds = UploadKind.Defaults.ToDictionary(k => k.Name, k => Configured(k, section.GetSection($"Kinds:{k.Name}"))),
        };
    }

    private static UploadKind Configured(UploadKind kind, IConfigurationSection section)
    {
        string[] types = section.GetSection(nameof(UploadKind.ContentTypes)).Get<string[]>() ?? [];
        UploadKind configured = kind with
        {
            MaxBytes = section.GetValue(nameof(UploadKind.MaxBytes), kind.MaxBytes),
            ContentTypes = types.Length > 0 ? types : kind.ContentTypes,
            IsPublic = section.GetValue(nameof(UploadKind.IsPublic), kind.IsPublic),
        };
        return configured.ContentTypes.FirstOrDefault(type => !FileCheck.ContentTypes.Contains(type)) is { } unknown
            ? throw new InvalidOperationException(
                $"{section.Path}: {unknown} cannot be told by its bytes; there are {string.Join(", ", FileCheck.ContentTypes)}.")
            : configured;
    }
}
