using SqsNet.Engine.Executors;
using SqsNet.Web;

return TrialWorker.Is(args) ? await TrialWorker.RunAsync(args, Console.In) : await SqsNetApp.RunAsync(args);
