using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using NSubstitute;

namespace SqsNet.Web.Tests;

public sealed class ServerAddressTests
{
    [Theory]
    [InlineData("http://0.0.0.0:5180")]
    [InlineData("http://[::]:5180")]
    public void Links_to_a_server_that_listens_everywhere_hold_the_name_of_its_machine(string listens) =>
        Server(listens).LinkAddress().ShouldBe(new Uri($"http://{Dns.GetHostName()}:5180"));

    [Theory]
    [InlineData("http://127.0.0.1:5180")]
    [InlineData("http://192.168.1.2:5180")]
    [InlineData("http://[::1]:5180")]
    public void Links_to_a_server_that_listens_at_one_address_hold_it(string listens) =>
        Server(listens).LinkAddress().ShouldBe(new Uri(listens));

    private static IServer Server(string listens)
    {
        var addresses = new ServerAddressesFeature();
        addresses.Addresses.Add(listens);
        var features = new FeatureCollection();
        features.Set<IServerAddressesFeature>(addresses);
        var server = Substitute.For<IServer>();
        server.Features.Returns(features);
        return server;
    }
}
