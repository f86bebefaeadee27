using Ringmaster.Memory;

namespace Ringmaster.Firmware.Boot.Multiboot;

/// <summary>Builds what a multiboot kernel is handed in EBX (Multiboot Specification 0.6.96 section 3.3).</summary>
internal static class MultibootInfo
{
    private const uint HasMemory = 1 << 0, HasCommandLine = 1 << 2, HasModules = 1 << 3, HasMemoryMap = 1 << 6, HasLoaderName = 1 << 9;
    private const int StructureSize = 88;

    /// <returns>Its address.</returns>
    public static uint Put(BootRequest request, BootPlacement placement)
    {
        var modules = new ByteWriter();
        foreach (var module in request.Modules)
        {
            var start = placement.PutModule(module);
            var text = placement.PutLowString("module string", module.MultibootString);
            modules.U32(start).U32(start + (uint)module.Content.Length).U32(text).U32(0);
        }
        var moduleList = request.Modules.Count == 0 ? 0 : placement.PutLow("multiboot module list", modules.ToArray());

        var map = new ByteWriter();
        foreach (var entry in placement.Map.Entries)
            map.U32(20).U64(entry.Start.Value).U64(entry.Length).U32((uint)entry.Type);
        var commandLine = request.CommandLine.Length == 0 ? request.KernelName : $"{request.KernelName} {request.CommandLine}";

        var info = new ByteWriter()
            .U32(HasMemory | HasCommandLine | HasModules | HasMemoryMap | HasLoaderName)
            .U32((uint)(LowMemory(placement.Map) >> 10)).U32((uint)Math.Min(placement.Map.UsableFromOneMebibyte >> 10, uint.MaxValue))
            .U32(0)
            .U32(placement.PutLowString("kernel command line", commandLine))
            .U32((uint)request.Modules.Count).U32(moduleList)
            .Zeros(16)
            .U32((uint)map.Length).U32(placement.PutLow("multiboot memory map", map.ToArray()))
            .Zeros(12)
            .U32(placement.PutLowString("boot loader name", "Ringmaster"));
        return placement.PutLow("multiboot information", info.Zeros(StructureSize - info.Length).ToArray());
    }

    private static ulong LowMemory(MemoryMap map)
    {
        var first = map.Entries.FirstOrDefault();
        return first.Type == MemoryMapType.Usable && first.Start == new GuestPhysicalAddress(0) ? Math.Min(first.Length, 640 << 10) : 0;
    }
}
