namespace Ringmaster.Backends.Serial;

/// <summary>Finds commands to the VMM among typed keys: the escape key Ctrl-A followed by a letter.</summary>
internal sealed class EscapeKeys(Action<ConsoleCommand> command)
{
    private const byte Escape = 0x01;
    private bool _escaped;

    /// <summary>Takes the commands out and runs them.</summary>
    /// <param name="keys">What was typed; overwritten.</param>
    /// <returns>What is left for the guest, at the start of <paramref name="keys"/>.</returns>
    internal Span<byte> Filter(Span<byte> keys)
    {
        var kept = 0;
        foreach (var key in keys)
        {
            if (!_escaped)
            {
                if (key == Escape)
                    _escaped = true;
                else
                    keys[kept++] = key;
                continue;
            }
            _escaped = false;
            if (key is Escape)
                keys[kept++] = Escape;
            else
                command(CommandFor(key));
        }
        return keys[..kept];
    }

    private static ConsoleCommand CommandFor(byte key) => (char)key switch
    {
        'x' or 'X' => ConsoleCommand.Leave,
        'p' or 'P' => ConsoleCommand.PowerButton,
        's' or 'S' => ConsoleCommand.Statistics,
        _ => ConsoleCommand.Help,
    };
}
