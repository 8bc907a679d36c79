using System.Text;
using System.Text.Json;

namespace SqsNet.Web.Tests;

internal static class HttpExtensions
{
    /// <summary>The body, whatever the status.</summary>
    public static async Task<string> GetBodyAsync(this HttpClient client, string url)
    {
        using var response = await client.GetAsync(url);
        return await response.Content.ReadAsStringAsync();
    }

    public static async Task<JsonElement> GetJsonAsync(this HttpClient client, string url)
    {
        using var response = await client.GetAsync(url);
        response.IsSuccessStatusCode.ShouldBeTrue($"{url} answered {(int)response.StatusCode}");
        return await response.ReadJsonAsync();
    }

    public static async Task<JsonElement> ReadJsonAsync(this HttpResponseMessage response)
    {
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return document.RootElement.Clone();
    }

    public static Task<HttpResponseMessage> PostJsonAsync(this HttpClient client, string url, string json) =>
        client.PostAsync(url, new StringContent(json, Encoding.UTF8, "application/json"));
}
