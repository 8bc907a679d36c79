using System.Text.Json;

namespace SqsNet.Engine.Sweeps.Samplers;

/// <summary>A configuration that a sampler proposes, and why.</summary>
/// <param name="Assignment">The values that differ from the sweep's own, by path; empty for the sweep's own configuration.</param>
/// <param name="Reason">Why this point.</param>
public sealed record Proposal(IReadOnlyDictionary<string, JsonElement> Assignment, ProposalReason Reason);

/// <summary>Why a sampler proposed what it did. Stored with each trial of the configuration.</summary>
/// <param name="Text">A sentence for people.</param>
/// <param name="Scores">The numbers that decided, by name ("log EI"); empty where none did.</param>
public sealed record ProposalReason(string Text, IReadOnlyDictionary<string, double> Scores)
{
    /// <summary>This reason, and another behind it.</summary>
    internal ProposalReason And(ProposalReason further) =>
        new(
            $"{Text} {further.Text}",
            Scores.Concat(further.Scores).DistinctBy(score => score.Key).ToDictionary(s => s.Key, s => s.Value)
        );

    internal static ProposalReason Of(string text, params IReadOnlyList<(string Name, double Value)> scores) =>
        new(text, scores.Where(score => double.IsFinite(score.Value)).ToDictionary(s => s.Name, s => s.Value));
}
