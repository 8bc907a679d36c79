using SqsNet.Web.Live;

namespace SqsNet.Web.Tests.Live;

public sealed class DepartureTests
{
    [Fact]
    public void The_token_of_a_page_that_was_left_is_cancelled_and_can_still_be_asked_for()
    {
        var departure = new Departure();
        departure.Token.IsCancellationRequested.ShouldBeFalse();

        departure.Dispose();
        departure.Dispose();

        departure.IsOver.ShouldBeTrue();
        Should.Throw<OperationCanceledException>(departure.Token.ThrowIfCancellationRequested);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(departure.Token);
        linked.IsCancellationRequested.ShouldBeTrue();
    }
}
