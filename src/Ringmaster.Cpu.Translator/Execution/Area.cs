using System.Runtime.InteropServices;
using Ringmaster.Cpu.Interpreter.Execution;
using Ringmaster.Cpu.State;
using Ringmaster.Cpu.Translator.Memory;

namespace Ringmaster.Cpu.Translator.Execution;

/// <summary>
/// Where things are in a vCPU's area: one piece of memory that GS points to while generated code runs. All offsets are bytes
/// from its start.
/// </summary>
internal static unsafe class Area
{
    /// <summary>Contexts that have tables of their own.</summary>
    public const int Contexts = 8;

    /// <summary>Slots of a context.</summary>
    public const int Slots = 2048;

    /// <summary>Entries of a context's jump cache.</summary>
    public const int JumpEntries = 8192;

    /// <summary>Entries of the TLB's second level, for each MMU mode.</summary>
    public const int TlbEntries = 2048;

    /// <summary>MMU modes with tables; the one with alignment checks has none.</summary>
    public const int TlbModes = 3;

    /// <summary>Pairs of linear and physical page whose mapping branches rely on.</summary>
    public const int PageChecks = 32768;

    /// <summary>The tables of <see cref="DirectOf"/>.</summary>
    public const int DirectReads = 0, DirectWrites = 1, DirectAddends = 2;

    private const int Page = 4096;

    public static readonly int File = AlignUp(sizeof(CpuFile), 64);
    public static readonly int ContextTables = AlignUp(File + sizeof(TranslatorFile), Page);
    public const int ContextSize = Slots * SiteSlot.Size + JumpEntries * 16;
    public static readonly int PageCheckTable = ContextTables + Contexts * ContextSize;
    public static readonly int Tlb = PageCheckTable + PageChecks * sizeof(uint);
    public const int TlbSize = TlbEntries * TranslationEntry.Size;
    public static readonly int Direct = Tlb + TlbModes * TlbSize;
    public static readonly int FillLog = Direct + TlbModes * 3 * TlbEntries * 8;
    public static readonly int Vicinities = FillLog + Contexts * Slots * sizeof(uint);
    public static readonly int Size = AlignUp(Vicinities + Contexts * Slots * sizeof(uint), Page);

    // Patterns to measure; never freed, since the offsets are wanted as long as the program runs.
    private static readonly CpuFile* s_registers = (CpuFile*)NativeMemory.AllocZeroed((nuint)sizeof(CpuFile));
    private static readonly TranslatorFile* s_file = (TranslatorFile*)NativeMemory.AllocZeroed((nuint)sizeof(TranslatorFile));

    public static readonly int Rip = Offset(s_registers, &s_registers->Rip);
    public static readonly int Attention = Offset(s_registers, &s_registers->Attention);
    public static readonly int Run = Offset(s_registers, &s_registers->Run);
    public static readonly int WindowWanted = Offset(s_registers, &s_registers->WindowWanted);
    public static readonly int NmiBlocked = Offset(s_registers, &s_registers->NmiBlocked);
    public static readonly int TaskPriorityThreshold = Offset(s_registers, &s_registers->TaskPriorityThreshold);
    public static readonly int Cr0 = Offset(s_registers, &s_registers->Cr0);
    public static readonly int Cr2 = Offset(s_registers, &s_registers->Cr2);
    public static readonly int Cr3 = Offset(s_registers, &s_registers->Cr3);
    public static readonly int Cr4 = Offset(s_registers, &s_registers->Cr4);
    public static readonly int Cr8 = Offset(s_registers, &s_registers->Cr8);
    public static readonly int KernelGsBase = Offset(s_registers, &s_registers->Msr.KernelGsBase);
    public static readonly int OtherFlags = Offset(s_registers, &s_registers->OtherFlags);
    public static readonly int Bases = Offset(s_registers, &s_registers->Bases);
    public static readonly int Segments = Offset(s_registers, &s_registers->Segments);
    public static readonly int Vectors = Offset(s_registers, &s_registers->Fpu.Vectors);
    public static readonly int Mxcsr = Offset(s_registers, &s_registers->Fpu.Mxcsr);
    public static readonly int StatusFlags = File + Offset(s_file, &s_file->StatusFlags);
    public static readonly int HostStack = File + Offset(s_file, &s_file->HostStack);
    public static readonly int Exit = File + Offset(s_file, &s_file->Exit);
    public static readonly int Count = File + Offset(s_file, &s_file->Count);
    public static readonly int Pushed = File + Offset(s_file, &s_file->Pushed);
    public static readonly int FaultAddress = File + Offset(s_file, &s_file->FaultAddress);
    public static readonly int HasVectors = File + Offset(s_file, &s_file->HasVectors);
    public static readonly int HostMxcsr = File + Offset(s_file, &s_file->HostMxcsr);
    public static readonly int FilledSlots = File + Offset(s_file, &s_file->FilledSlots);
    public static readonly int SavedFlags = File + Offset(s_file, &s_file->SavedFlags);
    public static readonly int RecordBase = File + Offset(s_file, &s_file->RecordBase);
    public static readonly int DepthMask = File + Offset(s_file, &s_file->DepthMask);
    public static readonly int Owner = File + Offset(s_file, &s_file->Owner);
    public static readonly int TlbIndexMask = File + Offset(s_file, &s_file->TlbIndexMask);
    public static readonly int StatusMask = File + Offset(s_file, &s_file->StatusMask);
    public static readonly int AllButInterrupt = File + Offset(s_file, &s_file->AllButInterrupt);
    public static readonly int NoPriority = File + Offset(s_file, &s_file->NoPriority);
    public static readonly int QuadwordPart = File + Offset(s_file, &s_file->QuadwordPart);
    public static readonly int BitPart = File + Offset(s_file, &s_file->BitPart);
    public static readonly int BaseAccess = File + Offset(s_file, &s_file->BaseAccess);
    public static readonly int AllButLowest = File + Offset(s_file, &s_file->AllButLowest);
    public static readonly int AllButDirection = File + Offset(s_file, &s_file->AllButDirection);
    public static readonly int PageMask = File + Offset(s_file, &s_file->PageMask);
    public static readonly int FillCallback = File + Offset(s_file, &s_file->FillCallback);
    public static readonly int InPlaceCallback = File + Offset(s_file, &s_file->InPlaceCallback);
    public static readonly int ExitCallback = File + Offset(s_file, &s_file->ExitCallback);
    public static readonly int TimeStampCallback = File + Offset(s_file, &s_file->TimeStampCallback);
    public static readonly int JumpMask = File + Offset(s_file, &s_file->JumpMask);

    public static readonly int Rounds = File + Offset(s_file, &s_file->Rounds);
    public static readonly int ModeChanged = File + Offset(s_file, &s_file->ModeChanged);
    public static readonly int SystemCallEntry = File + Offset(s_file, &s_file->SystemCallEntry);
    public static readonly int SystemReturnEntry = File + Offset(s_file, &s_file->SystemReturnEntry);
    public static readonly int CallTarget = File + Offset(s_file, &s_file->SystemCall.Target);
    public static readonly int CallStatusKept = File + Offset(s_file, &s_file->SystemCall.StatusKept);
    public static readonly int CallOthersKept = File + Offset(s_file, &s_file->SystemCall.OthersKept);
    public static readonly int CallKernelCode = File + Offset(s_file, &s_file->SystemCall.KernelCode);
    public static readonly int CallKernelStack = File + Offset(s_file, &s_file->SystemCall.KernelStack);
    public static readonly int CallUserJumps = File + Offset(s_file, &s_file->SystemCall.UserJumps);
    public static readonly int CallStackBefore = File + Offset(s_file, &s_file->SystemCall.StackBefore);
    public static readonly int CallUserCode = File + Offset(s_file, &s_file->SystemCall.UserCode);
    public static readonly int CallUserStack = File + Offset(s_file, &s_file->SystemCall.UserStack);

    public static readonly int ReturnIsLearned = File + Offset(s_file, &s_file->ReturnToUser.IsLearned);
    public static readonly int ReturnCodeSelector = File + Offset(s_file, &s_file->ReturnToUser.CodeSelector);
    public static readonly int ReturnStackSelector = File + Offset(s_file, &s_file->ReturnToUser.StackSelector);
    public static readonly int ReturnCodePlace = File + Offset(s_file, &s_file->ReturnToUser.CodePlace);
    public static readonly int ReturnCodeDescriptor = File + Offset(s_file, &s_file->ReturnToUser.CodeDescriptor);
    public static readonly int ReturnStackPlace = File + Offset(s_file, &s_file->ReturnToUser.StackPlace);
    public static readonly int ReturnStackDescriptor = File + Offset(s_file, &s_file->ReturnToUser.StackDescriptor);
    public static readonly int ReturnEs = File + Offset(s_file, &s_file->ReturnToUser.Es);
    public static readonly int ReturnDs = File + Offset(s_file, &s_file->ReturnToUser.Ds);
    public static readonly int ReturnFs = File + Offset(s_file, &s_file->ReturnToUser.Fs);
    public static readonly int ReturnGs = File + Offset(s_file, &s_file->ReturnToUser.Gs);
    public static readonly int ReturnJumps = File + Offset(s_file, &s_file->ReturnToUser.Jumps);
    public static readonly int ReturnCode = File + Offset(s_file, &s_file->ReturnToUser.Code);
    public static readonly int ReturnStack = File + Offset(s_file, &s_file->ReturnToUser.Stack);

    /// <summary>How far the cells for returns to the kernel are behind those for returns to user code.</summary>
    public static readonly int ReturnToKernel = Offset(&s_file->ReturnToUser, &s_file->ReturnToKernel);

    /// <summary>A segment register with its hidden part.</summary>
    public static int SegmentRegister(int segment) => Segments + segment * sizeof(Segment);

    /// <summary>The selector in a segment register.</summary>
    public static int Selector(int segment) =>
        SegmentRegister(segment) + (int)Marshal.OffsetOf<Segment>("<Selector>k__BackingField");

    /// <summary>The hidden limit in a segment register, and behind it the rights.</summary>
    public static int SegmentRights(int segment) =>
        SegmentRegister(segment) + (int)Marshal.OffsetOf<Segment>("<Limit>k__BackingField");

    /// <summary>The hidden base in a segment register.</summary>
    public static int SegmentBase(int segment) =>
        SegmentRegister(segment) + (int)Marshal.OffsetOf<Segment>("<Base>k__BackingField");

    /// <summary>A general register of the guest.</summary>
    public static int Register(int number) => number * 8;

    /// <summary>A context's slots.</summary>
    public static int SlotsOf(int context) => ContextTables + context * ContextSize;

    /// <summary>The number, among those of all contexts, of the slot at a place.</summary>
    public static int SlotNumber(int place)
    {
        var (context, within) = Math.DivRem(place - ContextTables, ContextSize);
        return context * Slots + within / SiteSlot.Size;
    }

    /// <summary>A context's jump cache: the complements of linear addresses, then the host addresses.</summary>
    public static int JumpTags(int context) => SlotsOf(context) + Slots * SiteSlot.Size;

    /// <summary>The second half of a context's jump cache.</summary>
    public static int JumpHosts(int context) => JumpTags(context) + JumpEntries * 8;

    /// <summary>The second level of the TLB, for an MMU mode.</summary>
    public static int TlbOf(int mode) => Tlb + mode * TlbSize;

    /// <summary>
    /// A table of the TLB for code that asks it directly, indexed by linear page: minus the page for loads, the same for stores,
    /// and host address minus linear address.
    /// </summary>
    public static int DirectOf(int mode, int table) => Direct + (mode * 3 + table) * TlbEntries * 8;

    private static int Offset(void* structure, void* field) => (int)((byte*)field - (byte*)structure);

    private static int AlignUp(int value, int to) => (value + to - 1) & -to;
}
