// The tests count living tensors and bytes of the whole process, so that they run one by one.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
