using System.Runtime.InteropServices;

namespace Ringmaster.Host.Processes;

/// <summary>Strings and arrays of strings as C wants them, until disposed.</summary>
internal sealed unsafe class NativeTexts : IDisposable
{
    private readonly List<nint> _allocated = [];

    /// <summary>A string that ends with a zero byte.</summary>
    internal byte* Add(string text) => (byte*)Keep(Marshal.StringToCoTaskMemUTF8(text));

    /// <summary>An array of strings that ends with a null pointer.</summary>
    internal byte** Add(IReadOnlyList<string> texts)
    {
        var array = (byte**)Keep(Marshal.AllocCoTaskMem((texts.Count + 1) * sizeof(byte*)));
        // SAFETY: the array has one entry more than there are strings.
        for (var i = 0; i < texts.Count; i++)
            array[i] = Add(texts[i]);
        array[texts.Count] = null;
        return array;
    }

    /// <inheritdoc/>
    public void Dispose() => _allocated.ForEach(Marshal.FreeCoTaskMem);

    private nint Keep(nint memory)
    {
        _allocated.Add(memory);
        return memory;
    }
}
