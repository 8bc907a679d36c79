using SqsNet.Engine;
using SqsNet.Engine.Evaluation;
using SqsNet.Engine.Events;
using SqsNet.Storage;

namespace SqsNet.Web.Api;

/// <summary>Every look at the test split with a trial's weights: its own, and those of the eval command.</summary>
internal static class TestLookHistory
{
    /// <summary>The looks, oldest first.</summary>
    public static async Task<IReadOnlyList<TestLooked>> ReadAsync(
        long trialId,
        TrialQueries trials,
        EngineOptions engine,
        CancellationToken cancellationToken
    )
    {
        var own = await trials.TestLooksAsync(trialId, cancellationToken);
        return [.. own.Concat(TestLooks.Read(engine.TrialDirectory(trialId))).OrderBy(look => look.At)];
    }
}
