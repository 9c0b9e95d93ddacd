using FinVault.Identity;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace FinVault.Platform.OpenApi;

/// <summary>The API's own description. Anonymous: what it tells is no secret.</summary>
public static class OpenApiFunctions
{
    // The code does not change while it runs.
    private static readonly Lazy<JsonObject> Document = new(() => ApiDocument.Of(typeof(OpenApiFunctions).Assembly));

    [Function(nameof(GetOpenApi))]
    [Public("The description of the API is for everybody.")]
    [Api("This document")]
    [Answers(StatusCodes.Status200OK, typeof(JsonObject), "The OpenAPI 3.1 document of this API.")]
    public static IActionResult GetOpenApi(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "openapi.json")] HttpRequest request) =>
        new JsonAnswer(Document.Value) { CacheControl = "public, max-age=300" };
}
