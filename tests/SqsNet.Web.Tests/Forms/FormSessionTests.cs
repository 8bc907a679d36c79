using SqsNet.Engine.Sweeps;
using SqsNet.Web.Forms;

namespace SqsNet.Web.Tests.Forms;

public sealed class FormSessionTests
{
    [Theory]
    [InlineData("sqs.tau", "sqs.tau")]
    [InlineData("space.sqs.tau.values[1]", "sqs.tau")]
    [InlineData("space.sqs.tau.low", "sqs.tau")]
    [InlineData("space.model.fusion.kind", "model.fusion.kind")]
    [InlineData("seeds[3]", "seeds")]
    [InlineData("space", "space")]
    public void Problem_leads_to_the_field_that_mends_it(string error, string field) =>
        FormSession.FieldOf(error).ShouldBe(field);

    [Fact]
    public void Each_problem_is_at_its_field_and_at_no_other()
    {
        var session = new FormSession(new SweepForm(new()), ["synthetic"]);

        session.Change(form => form.SetNumber("sqs.tau", "-1"));

        session.ErrorsAt("sqs.tau").ShouldHaveSingleItem().ShouldContain("-1");
        session.ErrorsAt("sqs").Count.ShouldBe(1);
        session.ErrorsAt("sqs.t").ShouldBeEmpty();
        session.HasErrors("training", "sqs.tau").ShouldBeTrue();
        session.HasErrors("training").ShouldBeFalse();
    }

    [Fact]
    public void Dataset_that_is_not_registered_here_is_a_problem()
    {
        var session = new FormSession(new SweepForm(new SweepSpec { Dataset = "rafdb" }), ["synthetic"]);

        session.Check();

        session.ErrorsAt("dataset").ShouldHaveSingleItem().ShouldContain("rafdb");
    }

    [Fact]
    public void A_form_has_changed_while_it_holds_something_else_than_it_began_with()
    {
        var session = new FormSession(new SweepForm(new SweepSpec { Name = "first" }), ["synthetic"]);
        session.HasChanged.ShouldBeFalse();

        session.Change(form => form.SetText("name", "second"));
        session.HasChanged.ShouldBeTrue();

        session.Change(form => form.SetText("name", "first"));
        session.HasChanged.ShouldBeFalse();
    }

    [Fact]
    public void Listeners_hear_every_check()
    {
        var session = new FormSession(new SweepForm(new()), ["synthetic"]);
        var heard = 0;
        session.Checked += () => heard++;

        session.Change(form => form.SetText("name", "a"));
        session.Check();

        heard.ShouldBe(2);
    }
}
