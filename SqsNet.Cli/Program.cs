return await SqsNet.Cli.SqsCli.RunAsync(args, Console.Out, Console.Error);
