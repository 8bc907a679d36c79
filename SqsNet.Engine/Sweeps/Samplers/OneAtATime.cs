using System.Text.Json;

namespace SqsNet.Engine.Sweeps.Samplers;

/// <summary>The defaults, then each parameter's values with the others at their defaults: the paper's Table 4.</summary>
/// <remarks>A value equal to the sweep's own is the first configuration already and is not trained twice.</remarks>
internal static class OneAtATime
{
    internal static List<Proposal> Configurations(SweepSpec spec, IReadOnlyList<SpaceDimension> space)
    {
        var own = SpecPath.Base(spec, seed: 0);
        var configurations = new List<Proposal>
        {
            new(Assignments.Empty, ProposalReason.Of("The sweep's own values.")),
        };
        foreach (var dimension in space)
        {
            var standing = SpecPath.Get(own, dimension.Path);
            for (var i = 0; i < dimension.Count; i++)
                if (dimension.Value(i) is var value && !JsonElement.DeepEquals(value, standing))
                    configurations.Add(
                        new(
                            new Dictionary<string, JsonElement> { [dimension.Path] = value },
                            ProposalReason.Of(
                                $"{dimension.Path} = {Assignments.Show(value)}; everything else at the sweep's own values."
                            )
                        )
                    );
        }
        return configurations;
    }
}
