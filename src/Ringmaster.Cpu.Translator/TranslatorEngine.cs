using Ringmaster.Cpu.Interpreter;
using Ringmaster.Cpu.Interpreter.Instructions;
using Ringmaster.Cpu.Models;
using Ringmaster.Cpu.Translator.Cache;
using Ringmaster.Cpu.Translator.Execution;
using Ringmaster.Cpu.Translator.Lockstep;
using Ringmaster.Memory;

namespace Ringmaster.Cpu.Translator;

/// <summary>
/// Dynamic binary translation from x86 to x86-64: what is executed often becomes host code, the rest is interpreted. Needs
/// executable memory, no privilege.
/// </summary>
public sealed class TranslatorEngine : IEngine
{
    private readonly HandlerTable _handlers = HandlerTable.Create();
    private readonly TranslatorOptions _options;
    private readonly Dictionary<GuestMemory, CodeCache> _caches = [];

    /// <summary>Creates the engine.</summary>
    /// <param name="options">Its settings; null for the usual ones.</param>
    public TranslatorEngine(TranslatorOptions? options = null) => _options = options ?? new TranslatorOptions();

    /// <inheritdoc/>
    public string Name => "translator";

    /// <inheritdoc/>
    public EngineFeatures Features { get; } = InterpreterFeatures.Create() with { EngineName = "translator" };

    /// <inheritdoc/>
    public IVirtualCpu CreateVcpu(VcpuIndex index, GuestMemory memory, VcpuSetup setup)
    {
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentNullException.ThrowIfNull(setup);
        if (_options.ComparesWithInterpreter)
            return new LockstepVcpu(index, memory, setup, _handlers, Share(memory), _options);
        return TranslatorVcpu.Create(index, memory, setup, _handlers, Share(memory), _options);
    }

    /// <summary>The code cache of a machine: there from its first vCPU to its last.</summary>
    private CodeCache Share(GuestMemory memory)
    {
        lock (_caches)
        {
            if (!_caches.TryGetValue(memory, out var cache))
            {
                cache = new CodeCache(memory, _options, Forget);
                _caches.Add(memory, cache);
            }
            cache.Users++;
            return cache;
        }
    }

    private void Forget(CodeCache cache)
    {
        lock (_caches)
        {
            if (--cache.Users != 0)
                return;
            _caches.Remove(cache.Guest);
            cache.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
