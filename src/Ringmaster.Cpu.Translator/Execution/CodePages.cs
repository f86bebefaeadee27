using Ringmaster.Cpu.Interpreter.Memory;
using Ringmaster.Cpu.Paging;

namespace Ringmaster.Cpu.Translator.Execution;

/// <summary>
/// The linear pages whose translation branches rely on, by the jump cache or by page checks. Most pages that a guest forgets
/// hold no code, and then neither has to forget anything.
/// </summary>
internal sealed class CodePages
{
    private readonly PageSet _global = new(), _other = new();

    /// <summary>A branch relies on a page.</summary>
    public void Add(ulong linear, in PageTranslation translation, bool isGlobal) =>
        (isGlobal ? _global : _other).Add(linear, translation.PageShift);

    /// <summary>Whether a branch relies on the page, large ones included, that holds an address.</summary>
    public bool Hold(ulong linear) => _global.Holds(linear) || _other.Holds(linear);

    /// <summary>All is forgotten.</summary>
    /// <param name="keepGlobal">But not global pages.</param>
    public void Clear(bool keepGlobal)
    {
        _other.Clear();
        if (!keepGlobal)
            _global.Clear();
    }
}
