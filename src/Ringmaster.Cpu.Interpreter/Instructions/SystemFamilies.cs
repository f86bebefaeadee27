namespace Ringmaster.Cpu.Interpreter.Instructions;

/// <summary>The families of system instructions.</summary>
internal static class SystemFamilies
{
    public static void Register(HandlerTable table)
    {
        SegmentInstructions.Register(table);
        SegmentStackInstructions.Register(table);
        FarTransferInstructions.Register(table);
        InterruptInstructions.Register(table);
        SystemCallInstructions.Register(table);
        ControlRegisterInstructions.Register(table);
        DescriptorTableInstructions.Register(table);
        SelectorInspectionInstructions.Register(table);
        FlagInstructions.Register(table);
        MsrInstructions.Register(table);
        IdentificationInstructions.Register(table);
        CacheInstructions.Register(table);
        HaltInstructions.Register(table);
    }
}
