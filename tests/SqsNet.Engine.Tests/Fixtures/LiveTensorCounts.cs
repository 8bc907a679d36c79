namespace SqsNet.Engine.Tests.Fixtures;

/// <summary>Tests that count the tensors of the whole process, and so run while no other test does.</summary>
[CollectionDefinition(nameof(LiveTensorCounts), DisableParallelization = true)]
public sealed class LiveTensorCounts;
