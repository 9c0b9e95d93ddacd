using System.Net;
using FinVault.Identity;

namespace FinVault.Notifications;

/// <summary>A notice as a mail: plain text, and the same as HTML. Everything in the HTML that is not ours is escaped.</summary>
public sealed class NoticeMails(IdentityOptions options)
{
    private const string Settings = "#/notifications";

    public Mail Compose(string id, string to, Notice notice)
    {
        ArgumentNullException.ThrowIfNull(notice);
        string? link = notice.Link is null ? null : $"{options.WebBaseUrl}/{notice.Link}";
        return new(id, to, notice.Title, Text(notice, link), Html(notice, link));
    }

    private string Text(Notice notice, string? link)
    {
        string[] parts =
            [notice.Text, .. link is null ? [] : new[] { link }, $"-- \nWhat you are told: {options.WebBaseUrl}/{Settings}"];
        return string.Join("\n\n", parts) + "\n";
    }

    private string Html(Notice notice, string? link)
    {
        IEnumerable<string> paragraphs = notice.Text.Split("\n\n").Select(text => $"<p>{Escape(text)}</p>");
        string button = link is null ? "" : $"<p><a href=\"{Escape(link)}\">Open FinVault</a></p>";
        return $"""
            <!doctype html><html lang="en"><head><meta charset="utf-8"><title>{Escape(notice.Title)}</title></head>
            <body style="font:16px/1.5 sans-serif;max-width:36em;margin:2em auto;padding:0 1em">
            <h1 style="font-size:1.25em">{Escape(notice.Title)}</h1>
            {string.Concat(paragraphs)}
            {button}
            <p style="color:#666;font-size:0.875em"><a href="{Escape($"{options.WebBaseUrl}/{Settings}")}">What you are told</a></p>
            </body></html>
            """;
    }

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
