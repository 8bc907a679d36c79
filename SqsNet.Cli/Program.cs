using SqsNet.Cli;
using SqsNet.Engine.Executors;

return TrialWorker.Is(args)
    ? await TrialWorker.RunAsync(args, Console.In)
    : await SqsCli.RunAsync(args, Console.Out, Console.Error);
