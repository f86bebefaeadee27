using Microsoft.Extensions.Logging;

namespace Ringmaster.Cli.Logging;

/// <summary>Loggers that write to standard error.</summary>
internal sealed class StderrLoggerFactory(TextWriter writer, Verbosity verbosity) : ILoggerFactory
{
    private readonly TextWriter _writer = TextWriter.Synchronized(writer);

    public ILogger CreateLogger(string categoryName) => new StderrLogger(_writer, categoryName, verbosity.LevelOf(categoryName));

    /// <summary>There is one way out, so further providers are not used.</summary>
    public void AddProvider(ILoggerProvider provider) => ArgumentNullException.ThrowIfNull(provider);

    public void Dispose()
    {
    }
}
