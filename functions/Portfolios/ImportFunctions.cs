using FinVault.Identity;
using FinVault.Platform;
using FinVault.Platform.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Portfolios;

/// <summary>Brokers' files: looked at, brought in whole, taken back whole.</summary>
public sealed class ImportFunctions(Imports imports)
{
    private const int MaxBodyBytes = 5 * 1024 * 1024;

    [Function(nameof(ListImportPresets))]
    [Public("Which files are read is no secret.")]
    [Api("Formats of files that are read")]
    [Answers(StatusCodes.Status200OK, typeof(IReadOnlyList<ImportPresetView>), "The presets.")]
    public IActionResult ListImportPresets(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "portfolios/import-presets")] HttpRequest request) =>
        new JsonAnswer(ImportPreset.All.Select(preset => new ImportPresetView(preset.Name, preset.Title, preset.Columns))
            .Prepend(ImportPreset.JsonView).ToArray());

    [Function(nameof(PreviewImport))]
    [Access(Permission = Permissions.PortfolioManage)]
    [Api("Look at a broker's file", Description = "Says of every row whether it would be recorded, is there already or is "
        + "wrong, and why. Nothing is recorded.")]
    [Parameter("account", typeof(string), "The account.")]
    [Body(typeof(ImportRequest))]
    [Answers(StatusCodes.Status200OK, typeof(ImportPreview), "The rows.")]
    [Fails(nameof(Problems.UnknownPortfolio), nameof(Problems.InvalidImport))]
    public async Task<IActionResult> PreviewImport(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "portfolios/{account}/imports/preview")]
        HttpRequest request,
        string account,
        FunctionContext context)
    {
        CancellationToken cancellation = context.CancellationToken;
        ImportRequest file = await request.ReadJsonAsync<ImportRequest>(MaxBodyBytes, cancellation);
        return new JsonAnswer(await imports.PreviewAsync(CurrentUser.Of(context), account, file, cancellation));
    }

    [Function(nameof(RunImport))]
    [Access(Permission = Permissions.PortfolioManage)]
    [Api("Import a broker's file", Description = "Records every row that is not there yet. With one that is wrong nothing "
        + "is recorded, and the problem's `rows` say why, row by row.")]
    [Parameter("account", typeof(string), "The account.")]
    [Body(typeof(ImportRequest))]
    [Answers(StatusCodes.Status201Created, typeof(ImportView), "The import.")]
    [Fails(nameof(Problems.UnknownPortfolio), nameof(Problems.InvalidImport), nameof(Problems.ImportRefused))]
    public async Task<IActionResult> RunImport(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "portfolios/{account}/imports")] HttpRequest request,
        string account,
        FunctionContext context)
    {
        CancellationToken cancellation = context.CancellationToken;
        ImportRequest file = await request.ReadJsonAsync<ImportRequest>(MaxBodyBytes, cancellation);
        return new JsonAnswer(
            await imports.RunAsync(CurrentUser.Of(context), account, file, cancellation), StatusCodes.Status201Created);
    }

    [Function(nameof(ListImports))]
    [Access(Permission = Permissions.PortfolioRead)]
    [Api("An account's imports", Description = "Newest first.")]
    [Parameter("account", typeof(string), "The account.")]
    [Answers(StatusCodes.Status200OK, typeof(IReadOnlyList<ImportView>), "The imports.")]
    [Fails(nameof(Problems.UnknownPortfolio))]
    public async Task<IActionResult> ListImports(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "portfolios/{account}/imports")] HttpRequest request,
        string account,
        FunctionContext context) => new JsonAnswer(
            await imports.ListAsync(CurrentUser.Of(context), account, context.CancellationToken));

    [Function(nameof(UndoImport))]
    [Access(Permission = Permissions.PortfolioManage)]
    [Api("Take an import back", Description = "Every transaction that it brought is reversed. Refused where something later "
        + "leans on one of them. May be repeated.")]
    [Parameter("account", typeof(string), "The account.")]
    [Parameter("import", typeof(string), "The import.")]
    [Answers(StatusCodes.Status200OK, typeof(ImportView), "The import.")]
    [Fails(nameof(Problems.UnknownPortfolio), nameof(Problems.UnknownImport), nameof(Problems.NotReversible),
        nameof(Problems.TransactionRefused))]
    public async Task<IActionResult> UndoImport(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "portfolios/{account}/imports/{import}/undo")]
        HttpRequest request,
        string account,
        string import,
        FunctionContext context) => new JsonAnswer(
            await imports.UndoAsync(CurrentUser.Of(context), account, import, context.CancellationToken));

    /// <summary>Gives up imports whose writers died.</summary>
    [Function(nameof(SweepImports))]
    public Task SweepImports([TimerTrigger("0 35 * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        imports.SweepAsync(cancellationToken);
}
