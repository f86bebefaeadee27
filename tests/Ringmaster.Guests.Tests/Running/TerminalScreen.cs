using System.Globalization;

namespace Ringmaster.Guests.Tests.Running;

/// <summary>What a terminal of 80 columns and 25 lines shows: cursor addressing and clearing (ECMA-48 CUP and ED), nothing else.</summary>
internal sealed class TerminalScreen
{
    private const int Columns = 80, Rows = 25;
    private const char Escape = '\e';
    private readonly char[][] _cells = [.. Enumerable.Range(0, Rows).Select(_ => NewRow())];
    private int _row, _column;

    private TerminalScreen()
    {
    }

    /// <summary>The lines, without the blanks at their ends.</summary>
    public IEnumerable<string> Lines => _cells.Select(row => new string(row).TrimEnd());

    /// <summary>All lines.</summary>
    public string Text => string.Join('\n', Lines);

    /// <summary>The screen after some output.</summary>
    public static TerminalScreen After(string output)
    {
        var screen = new TerminalScreen();
        for (var at = 0; at < output.Length; at++)
        {
            if (output[at] == Escape && at + 1 < output.Length && output[at + 1] == '[')
                at = screen.Control(output, at + 2);
            else
                screen.Put(output[at]);
        }
        return screen;
    }

    private static char[] NewRow() => [.. Enumerable.Repeat(' ', Columns)];

    private int Control(string output, int at)
    {
        var start = at;
        while (at < output.Length && output[at] is < '@' or > '~')
            at++;
        if (at == output.Length)
            return at;
        var numbers = output[start..at].Split(';').Select(n => int.TryParse(n, CultureInfo.InvariantCulture, out var v) ? v : 1).ToArray();
        switch (output[at])
        {
            case 'H' or 'f':
                (_row, _column) = (numbers[0] - 1, numbers.Length > 1 ? numbers[1] - 1 : 0);
                break;
            case 'J':
                for (var row = 0; row < Rows; row++)
                    _cells[row] = NewRow();
                break;
        }
        return at;
    }

    private void Put(char character)
    {
        if (character == '\r')
        {
            _column = 0;
        }
        else if (character == '\n')
        {
            _row++;
        }
        else if (character >= ' ')
        {
            if (_row is >= 0 and < Rows && _column is >= 0 and < Columns)
                _cells[_row][_column] = character;
            _column++;
        }
    }
}
