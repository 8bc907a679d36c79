using SqsNet.Storage.Tests;
using SqsNet.Storage.Tests.Events;
using Xunit.Runner.InProc.SystemConsole;

// The crash test starts this program as the process that it kills; everything else is xunit's own entry point.
if (args is [CrashWriter.Verb, var dataDirectory])
    return await CrashWriter.RunAsync(dataDirectory);
return await ConsoleRunner.Run(args);
