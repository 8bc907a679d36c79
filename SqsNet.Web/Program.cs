using SqsNet.Web;

return await SqsNetApp.RunAsync(args);
