using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Ringmaster.Machine.Configuration.Reading;

/// <summary>
/// Lets through what a machine's description needs of YAML. Deep nesting and references would make the reader of the whole
/// document recurse without end or grow without bound, and neither can be caught.
/// </summary>
/// <param name="inner">The parser of the text.</param>
internal sealed class PlainYaml(IParser inner) : IParser
{
    private const int DeepestNesting = 16;
    private int _depth;

    /// <inheritdoc/>
    public ParsingEvent? Current => inner.Current;

    /// <inheritdoc/>
    /// <exception cref="YamlException">The text is no YAML, or more than is let through.</exception>
    public bool MoveNext()
    {
        if (!Advance())
            return false;
        if (inner.Current is not { } found)
            return true;
        _depth += found.NestingIncrease;
        if (_depth > DeepestNesting)
            throw new YamlException(found.Start, found.End, $"lists and groups are nested more than {DeepestNesting} deep.");
        if (found is AnchorAlias or NodeEvent { Anchor.IsEmpty: false })
            throw new YamlException(found.Start, found.End, "anchors and references to them are not used here; write the value itself.");
        return true;
    }

    private bool Advance()
    {
        try
        {
            return inner.MoveNext();
        }
        catch (Exception error) when (error is not YamlException)
        {
            // The scanner loses its bearings on some malformed texts and says so with whatever it trips over.
            var at = inner.Current?.End ?? Mark.Empty;
            throw new YamlException(at, at, "the text cannot be understood from here on.", error);
        }
    }
}
