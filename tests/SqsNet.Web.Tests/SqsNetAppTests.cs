using Microsoft.Extensions.Options;
using SqsNet.Storage;

namespace SqsNet.Web.Tests;

public sealed class SqsNetAppTests
{
    [Theory]
    [InlineData("--prot", "--prot")]
    [InlineData("--port=many", "--port")]
    [InlineData("--port", "--port")]
    [InlineData("--port=1 --port=2", "--port")]
    [InlineData("extra", "extra")]
    public void Wrong_options_are_named(string args, string named)
    {
        var wrong = Should.Throw<UsageException>(() => SqsNetApp.Build(args.Split(' ')));

        wrong.Message.ShouldContain(named);
    }

    [Fact]
    public void All_wrong_settings_are_told_at_once()
    {
        var wrong = Should.Throw<OptionsValidationException>(() =>
            SqsNetApp.Build(["--host", "0.0.0.0", "--device", "tpu"])
        );

        wrong.Failures.Count().ShouldBe(2);
        wrong.Failures.ShouldContain(failure => failure.Contains("--token"));
        wrong.Failures.ShouldContain(failure => failure.Contains("tpu"));
    }

    [Theory]
    [InlineData("--host=0.0.0.0 --token=short")]
    [InlineData("--host=::")]
    [InlineData("--host=example.org")]
    [InlineData("--token=")]
    public void Server_beyond_loopback_needs_a_token_that_cannot_be_guessed(string args) =>
        Should.Throw<OptionsValidationException>(() => SqsNetApp.Build(args.Split(' ')));

    [Fact]
    public async Task Second_server_on_the_same_data_is_refused_with_the_owner_and_the_remedy()
    {
        await using var first = await TestApp.StartAsync();

        var refused = await Should.ThrowAsync<DataDirectoryInUseException>(TestApp.StartAsync(data: first.Data));

        refused.Message.ShouldContain($"process {Environment.ProcessId}");
        refused.Message.ShouldContain("--data");
    }

    [Fact]
    public async Task Second_server_on_the_same_port_ends_with_a_reason()
    {
        await using var first = await TestApp.StartAsync();
        var data = Directory.CreateTempSubdirectory("sqsnet-web-").FullName;
        using var errors = new StringWriter();

        var code = await SqsNetApp.RunAsync(["--port", $"{first.Address.Port}", "--data", data], errors: errors);

        code.ShouldBe(1);
        errors.ToString().ShouldContain($"Port {first.Address.Port} is in use");
        errors.ToString().ShouldContain("--port");
        Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task Demo_starts_its_sweep_once_whatever_the_number_of_starts()
    {
        var data = Directory.CreateTempSubdirectory("sqsnet-web-").FullName;
        for (var start = 0; start < 2; start++)
        {
            await using var app = await TestApp.StartAsync(["--demo"], data);

            var sweeps = await app.Client.GetJsonAsync("/api/sweeps");

            sweeps.GetArrayLength().ShouldBe(1);
            sweeps[0].GetProperty("name").GetString()!.ShouldStartWith("demo");
        }
        Directory.Delete(data, recursive: true);
    }
}
