using Microsoft.AspNetCore.Components;
using SqsNet.Web.Components.Shared;

namespace SqsNet.Web.Tests.Components.Shared;

public sealed class PageQueryTests : IDisposable
{
    private readonly PageAddress _address = new("http://localhost/trials/1?view=log") { ComesLate = true };
    private readonly PageQuery _query;

    public PageQueryTests() => _query = new(_address);

    public void Dispose() => _query.Dispose();

    [Fact]
    public void A_choice_that_follows_another_before_its_address_has_come_keeps_both()
    {
        _query.Set(("epoch", 3));
        _query.Set(("view", null), ("split", "test"));
        _address.Come();
        _query.Set(("opacity", 30));
        _address.Come();
        _address.Come();
        _address.Uri.ShouldBe("http://localhost/trials/1?epoch=3&split=test&opacity=30");
    }

    [Fact]
    public void Choices_of_a_page_that_was_left_do_not_follow_to_the_next()
    {
        _query.Set(("epoch", 3));
        _address.NavigateTo("/trials/2");
        _address.Come(passedOver: 1);
        _query.Set(("split", "test"));
        _address.Come();
        _address.Uri.ShouldBe("http://localhost/trials/2?split=test");
    }

    [Fact]
    public void An_address_that_came_from_elsewhere_is_what_the_next_choice_builds_on()
    {
        _query.Set(("epoch", 3));
        _address.Come();
        _address.NavigateTo("/trials/1?epoch=7");
        _address.Come();
        _query.Set(("split", "test"));
        _address.Come();
        _address.Uri.ShouldBe("http://localhost/trials/1?epoch=7&split=test");
    }
}
