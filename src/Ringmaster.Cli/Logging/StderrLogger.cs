using Microsoft.Extensions.Logging;

namespace Ringmaster.Cli.Logging;

/// <summary>Writes one line a message.</summary>
internal sealed class StderrLogger(TextWriter writer, string category, LogLevel least) : ILogger
{
    private readonly string _name = category[(category.LastIndexOf('.') + 1)..];

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= least && logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        ArgumentNullException.ThrowIfNull(formatter);
        if (!IsEnabled(logLevel))
            return;
        writer.WriteLine($"ringmaster[{_name}]: {formatter(state, exception)}");
        if (exception is not null && least <= LogLevel.Debug)
            writer.WriteLine(exception);
    }
}
